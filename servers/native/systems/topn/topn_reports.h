/* The reports that clients of topn made, of all workers of a server: a file in its store, a line each. */
#ifndef HOLDFAST_TOPN_REPORTS_H
#define HOLDFAST_TOPN_REPORTS_H

#include "../../net/buffer.h"

/* Longest name in a report. */
enum { REPORT_NAME_BYTES = 256 };

struct report {
  uint32_t pid, length;
  int64_t user, system;
  uint8_t name[REPORT_NAME_BYTES];
};

/* Each false with errno set when the file fails. */
bool reports_add(const struct report *report);

/* Appends the latest, oldest first, as the fields of topn.reports: total, count, and each report. */
bool reports_read(uint32_t latest, struct buffer *fields);

#endif
