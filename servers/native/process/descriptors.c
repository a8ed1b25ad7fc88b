#include "descriptors.h"

#include <stdlib.h>
#include <unistd.h>

static int by_number(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

void descriptors_keep_only(int *kept, unsigned count) {
  qsort(kept, count, sizeof *kept, by_number);
  unsigned from = STDERR_FILENO + 1;
  for (unsigned i = 0; i < count; i++) {
    if ((unsigned)kept[i] > from) close_range(from, (unsigned)kept[i] - 1, 0);
    from = (unsigned)kept[i] + 1;
  }
  close_range(from, ~0u, 0);
}
