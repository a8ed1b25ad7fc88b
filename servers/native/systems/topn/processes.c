#include "processes.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A name of 64 bytes at most, of which each may become four. */
enum { ESCAPED_NAME_BYTES = 64 * 4 + 1 };

struct use {
  uint32_t pid;
  uint64_t user, system; /* clock ticks */
  char name[ESCAPED_NAME_BYTES];
};

/* Whatever is not plain ASCII, and the backslash, become \xHH: a process may call itself anything. */
static void escape(const char *name, size_t length, char escaped[ESCAPED_NAME_BYTES]) {
  size_t end = 0;
  for (size_t i = 0; i < length && end + 4 < ESCAPED_NAME_BYTES; i++) {
    unsigned char byte = (unsigned char)name[i];
    bool plain = byte >= ' ' && byte <= '~' && byte != '\\';
    end += (size_t)snprintf(escaped + end, ESCAPED_NAME_BYTES - end, plain ? "%c" : "\\x%02x", byte);
  }
  escaped[end] = '\0';
}

/* One line of /proc/<pid>/stat (proc_pid_stat(5)). The name may contain parentheses: it ends at the last one. */
static bool parse_stat(char *stat, struct use *use) {
  char *open = strchr(stat, '('), *close = strrchr(stat, ')');
  if (!open || !close || close < open) return false;
  use->pid = (uint32_t)strtoul(stat, NULL, 10);
  escape(open + 1, (size_t)(close - open - 1), use->name);
  /* After the name: state, ten numbers, then utime and stime, which are fields 14 and 15. */
  return sscanf(close + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %" SCNu64 " %" SCNu64, &use->user,
                &use->system) == 2;
}

/* False of a process that ended since it was listed. */
static bool read_process(int proc, const char *pid, struct use *use) {
  char path[300], stat[4096];
  snprintf(path, sizeof path, "%s/stat", pid);
  int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  ssize_t length = read(fd, stat, sizeof stat - 1);
  close(fd);
  if (length <= 0) return false;
  stat[length] = '\0';
  return parse_stat(stat, use);
}

/* Most CPU time first, then by pid. */
static int by_use(const void *left, const void *right) {
  const struct use *a = left, *b = right;
  uint64_t used_a = a->user + a->system, used_b = b->user + b->system;
  if (used_a != used_b) return used_a > used_b ? -1 : 1;
  return a->pid < b->pid ? -1 : a->pid > b->pid;
}

/* Appends the use of every process. False when there is no memory. */
static bool read_all(DIR *proc, struct buffer *uses) {
  for (struct dirent *entry; (entry = readdir(proc)) != NULL;) {
    if (!buffer_reserve(uses, sizeof(struct use))) return false;
    struct use *next = (struct use *)buffer_tail(uses);
    if (isdigit((unsigned char)entry->d_name[0]) && read_process(dirfd(proc), entry->d_name, next)) {
      uses->end += sizeof *next;
    }
  }
  return true;
}

int processes_list(uint32_t most, struct buffer *list) {
  static const char header[] = "pid\tuser\tsystem\tname\n";
  DIR *proc = opendir("/proc");
  if (!proc) return -1;
  struct buffer all = {0};
  bool fits = read_all(proc, &all) && buffer_append(list, header, sizeof header - 1);
  closedir(proc);
  struct use *uses = (struct use *)all.bytes;
  size_t count = buffer_length(&all) / sizeof *uses;
  if (fits) qsort(uses, count, sizeof *uses, by_use);
  if (count > most) count = most;
  for (size_t i = 0; fits && i < count; i++) {
    char line[ESCAPED_NAME_BYTES + 64];
    int length = snprintf(line, sizeof line, "%" PRIu32 "\t%" PRIu64 "\t%" PRIu64 "\t%s\n", uses[i].pid, uses[i].user,
                          uses[i].system, uses[i].name);
    fits = buffer_append(list, line, (size_t)length);
  }
  buffer_release(&all);
  return fits ? (int)count : -1;
}
