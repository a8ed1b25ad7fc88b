#include "parameter.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool parse_bool(const char *text, bool *value) {
  *value = strcmp(text, "true") == 0;
  return *value || strcmp(text, "false") == 0;
}

/* Reads digits (no sign, no blanks, which strtoull would take) and returns where they end, or NULL. */
static const char *read_digits(const char *text, uint64_t max, uint64_t *value) {
  if (!isdigit((unsigned char)*text)) return NULL;
  char *end;
  errno = 0;
  unsigned long long number = strtoull(text, &end, 10);
  if (errno != 0 || number > max) return NULL;
  *value = number;
  return end;
}

bool parse_u64(const char *text, uint64_t max, uint64_t *value) {
  const char *end = read_digits(text, max, value);
  return end && *end == '\0';
}

bool parse_share(const char *text, double *value) {
  char *end;
  if (!isdigit((unsigned char)*text)) return false;
  *value = strtod(text, &end);
  return *end == '\0' && *value >= 0 && *value <= 1;
}

bool parse_duration_us(const char *text, uint32_t max_us, uint32_t *value) {
  static const struct {
    const char *name;
    uint32_t us;
  } units[] = {{"us", 1}, {"ms", 1000}, {"s", 1000000}};
  uint64_t number;
  const char *unit = read_digits(text, max_us, &number);
  if (!unit) return false;
  for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
    if (strcmp(unit, units[i].name) != 0) continue;
    if (number * units[i].us > max_us) return false;
    *value = (uint32_t)(number * units[i].us);
    return true;
  }
  return false;
}
