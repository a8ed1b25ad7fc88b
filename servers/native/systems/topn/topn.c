/*
 * topn: the processes of this machine that used most CPU time. The server writes the list to a file and sends the file
 * in chunks with a checksum; the client finds the top one in it and reports it back, and the server keeps the reports.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "../../services/framed.h"
#include "processes.h"
#include "store.h"

enum { LISTS, BYTES, REPORTS }; /* figures */

/* Longest list, bytes of a chunk, reports that one answer carries, longest name of a file. */
enum { MAX_COUNT = 10000, CHUNK_BYTES = 16384, MAX_REPORTS = 1000, FILE_NAME_BYTES = 64 };

/*
 * The reports of all workers, one after another, as they came: the fields of topn.report are those of an element of
 * topn.reports, a name of at most so many bytes and three numbers.
 */
static const char reports_file[] = "reports";
enum { REPORT_NAME_BYTES = 256, REPORT_NUMBERS = 4 + 8 + 8 };

/* What stands in the conversation's state: the number of its list plus one, 0: it has none. */
enum { LIST };

static int64_t read_i64(const uint8_t *bytes) {
  return (int64_t)((uint64_t)read_u32(bytes) << 32 | read_u32(bytes + 4));
}

static void name_list(const struct conversation *conversation, char name[FILE_NAME_BYTES]) {
  snprintf(name, FILE_NAME_BYTES, "list-%llu.tsv", (unsigned long long)conversation->state[LIST] - 1);
}

static enum step fail(struct conversation *conversation, const struct frame *request) {
  return framed_error(conversation, request, HF_ERROR_INTERNAL, "the service failed", STEP_FAULT);
}

static enum step list(struct conversation *conversation, const struct frame *request) {
  int64_t count = read_i64(request->body);
  if (count < 1 || count > MAX_COUNT) {
    char message[80];
    snprintf(message, sizeof message, "count must be from 1 to %d, not %lld", MAX_COUNT, (long long)count);
    return framed_refuse(conversation, request, message);
  }
  char name[FILE_NAME_BYTES];
  struct buffer content = {0};
  int processes = processes_list((uint32_t)count, &content);
  if (conversation->state[LIST] == 0) conversation->state[LIST] = atomic_fetch_add(conversation->serial, 1) + 1;
  name_list(conversation, name);
  bool written = processes >= 0 && store_write(name, &content);
  uint32_t bytes = (uint32_t)buffer_length(&content), name_length = (uint32_t)strlen(name);
  buffer_release(&content);
  if (!written) return fail(conversation, request);
  figure_add(conversation, LISTS, 1);
  uint8_t *body = framed_reply(conversation, request, 12 + name_length);
  if (!body) return STEP_FAULT;
  write_u32(body, name_length);
  memcpy(body + 4, name, name_length);
  write_u32(body + 4 + name_length, (uint32_t)processes);
  write_u32(body + 8 + name_length, bytes);
  return STEP_DONE_ONE;
}

/* CRC-32 as of zlib, gzip and Ethernet (polynomial 0x04c11db7, reflected). */
static uint32_t crc32(const uint8_t *bytes, size_t length) {
  uint32_t crc = 0xffffffff;
  for (size_t i = 0; i < length; i++) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc;
}

static bool send_chunks(struct conversation *conversation, const struct frame *request, const struct buffer *content) {
  const uint8_t *bytes = buffer_head(content);
  size_t length = buffer_length(content);
  for (size_t offset = 0; offset < length; offset += CHUNK_BYTES) {
    uint32_t size = length - offset < CHUNK_BYTES ? (uint32_t)(length - offset) : CHUNK_BYTES;
    uint8_t *body = frame_begin(&conversation->out, HF_KIND_CHUNK, request->method, request->call_id, 4 + size);
    if (!body) return false;
    write_u32(body, size);
    memcpy(body + 4, bytes + offset, size);
  }
  uint8_t *end = frame_begin(&conversation->out, HF_KIND_END, request->method, request->call_id, 8);
  if (!end) return false;
  write_u32(end, (uint32_t)length);
  write_u32(end + 4, crc32(bytes, length));
  return true;
}

/* As the answers to topn.list name them: letters, digits, dots, hyphens and underscores, no dot first. */
static bool is_file_name(const uint8_t *name, size_t length) {
  if (length == 0 || length > FILE_NAME_BYTES || name[0] == '.') return false;
  for (size_t i = 0; i < length; i++) {
    if (name[i] >= 0x80 || (!isalnum(name[i]) && !strchr("._-", name[i])) || name[i] == '\0') return false;
  }
  return true;
}

/* A name from the wire is only ever compared: no path is made of it. */
static enum step fetch(struct conversation *conversation, const struct frame *request) {
  const uint8_t *wanted = request->body + 4;
  size_t length = request->body_length - 4;
  if (!is_file_name(wanted, length)) {
    return framed_refuse(conversation, request, "a file is named as the answer to topn.list named it, without any path");
  }
  char name[FILE_NAME_BYTES] = "";
  if (conversation->state[LIST] != 0) name_list(conversation, name);
  if (strlen(name) != length || memcmp(name, wanted, length) != 0) {
    return framed_error(conversation, request, HF_ERROR_NOT_FOUND, "this connection has no such list", STEP_DONE_ONE);
  }
  struct buffer content = {0};
  bool sent = store_read(name, &content) && send_chunks(conversation, request, &content);
  figure_add(conversation, BYTES, buffer_length(&content));
  buffer_release(&content);
  return sent ? STEP_DONE_ONE : fail(conversation, request);
}

static enum step report(struct conversation *conversation, const struct frame *request) {
  uint32_t length = read_u32(request->body);
  const uint8_t *numbers = request->body + 4 + length;
  if (length > REPORT_NAME_BYTES || read_u32(numbers) == 0 || read_i64(numbers + 4) < 0 || read_i64(numbers + 12) < 0) {
    return framed_refuse(conversation, request,
                         "not a process: a name takes at most 256 bytes, a pid is above 0, ticks are not negative");
  }
  if (!store_append(reports_file, request->body, request->body_length)) return fail(conversation, request);
  figure_add(conversation, REPORTS, 1);
  return framed_reply(conversation, request, 0) ? STEP_DONE_ONE : STEP_FAULT;
}

/* Passes over so many reports, or fewer where there are not so many. Returns how many; *at is where the next begins. */
static uint32_t skip_reports(const struct buffer *kept, uint32_t count, size_t *at) {
  size_t length = buffer_length(kept);
  for (uint32_t skipped = 0; skipped < count; skipped++) {
    if (length - *at < 4 + REPORT_NUMBERS) return skipped;
    size_t size = (size_t)read_u32(buffer_head(kept) + *at) + 4 + REPORT_NUMBERS;
    if (size > length - *at) return skipped;
    *at += size;
  }
  return count;
}

static enum step reports(struct conversation *conversation, const struct frame *request) {
  uint32_t latest = read_u32(request->body);
  if (latest > MAX_REPORTS) return framed_refuse(conversation, request, "latest must be at most 1000");
  struct buffer kept = {0};
  size_t begin = 0, end = 0;
  bool read = store_read(reports_file, &kept);
  uint32_t total = skip_reports(&kept, UINT32_MAX, &end);
  uint32_t count = total < latest ? total : latest;
  skip_reports(&kept, total - count, &begin);
  uint8_t *body = read ? framed_reply(conversation, request, 8 + end - begin) : NULL;
  if (body) {
    write_u32(body, total);
    write_u32(body + 4, count);
    if (count > 0) memcpy(body + 8, buffer_head(&kept) + begin, end - begin);
  }
  buffer_release(&kept);
  return body ? STEP_DONE_ONE : fail(conversation, request);
}

static const struct method methods[] = {
    {HF_METHOD_TOPN_LIST, list, .before = 8},
    {HF_METHOD_TOPN_FETCH, fetch, .field = FIELD_STRING},
    {HF_METHOD_TOPN_REPORT, report, .field = FIELD_STRING, .after = REPORT_NUMBERS},
    {HF_METHOD_TOPN_REPORTS, reports, .before = 4},
    {0},
};

static void end(struct conversation *conversation) {
  if (conversation->state[LIST] == 0) return;
  char name[FILE_NAME_BYTES];
  name_list(conversation, name);
  store_remove(name);
}

const struct service topn_service = {
    .id = "topn",
    .figure_names = {"lists", "bytes", "reports"},
    .step = framed_step,
    .methods = methods,
    .turn_away = framed_turn_away,
    .end = end,
    .prepare = store_open,
    .dispose = store_dispose,
};
