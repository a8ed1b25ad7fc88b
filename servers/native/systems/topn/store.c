#include "store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* As in servers/folder.ts: the pid of the owner follows. */
#define STORE_PREFIX "holdfast-server-"

/* A path, not a descriptor: workers close whatever they have no need to inherit. */
static char folder[PATH_MAX / 2];

static void path_of(char path[PATH_MAX], const char *name) { snprintf(path, PATH_MAX, "%s/%s", folder, name); }

static const char *parent_folder(void) {
  const char *parent = getenv("TMPDIR");
  return parent && *parent ? parent : "/tmp";
}

bool store_open(void) {
  snprintf(folder, sizeof folder, "%s/" STORE_PREFIX "%d-XXXXXX", parent_folder(), (int)getpid());
  return mkdtemp(folder) != NULL;
}

static void remove_folder(const char *path) {
  DIR *entries = opendir(path);
  for (struct dirent *entry; entries && (entry = readdir(entries)) != NULL;) unlinkat(dirfd(entries), entry->d_name, 0);
  if (entries) closedir(entries);
  rmdir(path);
}

void store_dispose(void) { remove_folder(folder); }

/* A folder whose name says that it belongs to a process that is not there any more. */
static bool orphaned(const char *name) {
  size_t length = strlen(STORE_PREFIX);
  char *end;
  if (strncmp(name, STORE_PREFIX, length) != 0) return false;
  long pid = strtol(name + length, &end, 10);
  return pid > 0 && pid <= INT_MAX && *end == '-' && kill((pid_t)pid, 0) < 0 && errno == ESRCH;
}

void store_sweep(void) {
  DIR *entries = opendir(parent_folder());
  for (struct dirent *entry; entries && (entry = readdir(entries)) != NULL;) {
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/%s", parent_folder(), entry->d_name);
    if (length < (int)sizeof path && orphaned(entry->d_name)) remove_folder(path);
  }
  if (entries) closedir(entries);
}

static bool write_all(int fd, const uint8_t *bytes, size_t length) {
  while (length > 0) {
    ssize_t written = write(fd, bytes, length);
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) bytes += written, length -= (size_t)written;
  }
  return true;
}

static bool write_file(const char *name, int flags, const void *bytes, size_t length) {
  char path[PATH_MAX];
  path_of(path, name);
  int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);
  if (fd < 0) return false;
  bool written = write_all(fd, bytes, length);
  return close(fd) == 0 && written;
}

bool store_write(const char *name, const struct buffer *content) {
  return write_file(name, O_TRUNC, buffer_head(content), buffer_length(content));
}

bool store_append(const char *name, const void *bytes, size_t length) {
  return write_file(name, O_APPEND, bytes, length);
}

bool store_read(const char *name, struct buffer *content) {
  char path[PATH_MAX];
  path_of(path, name);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return errno == ENOENT;
  ssize_t received = 1;
  while (received > 0 && buffer_reserve(content, 16384)) {
    received = read(fd, buffer_tail(content), buffer_room(content));
    if (received > 0) content->end += (size_t)received;
  }
  close(fd);
  return received == 0;
}

void store_remove(const char *name) {
  char path[PATH_MAX];
  path_of(path, name);
  unlink(path);
}
