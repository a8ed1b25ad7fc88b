#include "topn_reports.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../net/frame.h"
#include "store.h"

static const char file[] = "reports";

/* Names are written in hexadecimal digits: one may contain anything, line ends too. */
bool reports_add(const struct report *report) {
  char line[2 * REPORT_NAME_BYTES + 80];
  int length = snprintf(line, sizeof line, "%" PRIu32 " %" PRId64 " %" PRId64 " ", report->pid, report->user,
                        report->system);
  for (uint32_t i = 0; i < report->length; i++) length += sprintf(line + length, "%02x", report->name[i]);
  line[length++] = '\n';
  return store_append(file, line, (size_t)length);
}

static bool append_u32(struct buffer *fields, uint32_t value) {
  uint8_t bytes[4];
  write_u32(bytes, value);
  return buffer_append(fields, bytes, sizeof bytes);
}

static bool append_i64(struct buffer *fields, int64_t value) {
  return append_u32(fields, (uint32_t)((uint64_t)value >> 32)) && append_u32(fields, (uint32_t)value);
}

static bool append_report(struct buffer *fields, const char *line) {
  char *end;
  uint32_t pid = (uint32_t)strtoul(line, &end, 10);
  int64_t user = strtoll(end, &end, 10), system = strtoll(end, &end, 10);
  const char *digits = end + 1;
  uint32_t length = (uint32_t)(strchr(digits, '\n') - digits) / 2;
  bool fits = append_u32(fields, length);
  for (uint32_t i = 0; fits && i < length; i++) {
    unsigned byte = 0;
    sscanf(digits + 2 * i, "%2x", &byte);
    uint8_t character = (uint8_t)byte;
    fits = buffer_append(fields, &character, 1);
  }
  return fits && append_u32(fields, pid) && append_i64(fields, user) && append_i64(fields, system);
}

bool reports_read(uint32_t latest, struct buffer *fields) {
  struct buffer lines = {0};
  bool read = store_read(file, &lines) && buffer_append(&lines, "", 1);
  uint32_t total = 0, index = 0;
  const char *text = read ? (const char *)buffer_head(&lines) : "";
  for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++) total++;
  uint32_t count = total < latest ? total : latest;
  read = read && append_u32(fields, total) && append_u32(fields, count);
  for (const char *at = text; read && index < total; index++) {
    if (index >= total - count) read = append_report(fields, at);
    at = strchr(at, '\n') + 1;
  }
  buffer_release(&lines);
  return read;
}
