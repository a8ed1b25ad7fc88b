/* Time, CPU time and memory, spent by whom the options say. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "known.h"

static int64_t read_clock(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

int64_t now_ns(void) { return read_clock(CLOCK_MONOTONIC); }

void sleep_until(int64_t at_ns) {
  struct timespec time = {.tv_sec = at_ns / 1000000000, .tv_nsec = at_ns % 1000000000};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) != 0) continue;
}

void burn(uint64_t cpu_us) {
  int64_t until = read_clock(CLOCK_THREAD_CPUTIME_ID) + (int64_t)cpu_us * 1000;
  while (read_clock(CLOCK_THREAD_CPUTIME_ID) < until) continue;
}

/* A process that burns, says so where nobody can wait for it, and ends. */
_Noreturn static void burn_and_end(bool alone) {
  burn(options.cpu_us);
  /* What it takes to end comes after this: some tens of microseconds. */
  if (alone) atomic_fetch_add(&done->orphan_cpu_ns, (uint64_t)read_clock(CLOCK_PROCESS_CPUTIME_ID));
  _exit(EXIT_SUCCESS);
}

static pid_t forked(void) {
  pid_t pid = fork();
  if (pid < 0) {
    perror("known-server: fork");
    _exit(EXIT_FAILURE);
  }
  return pid;
}

static void spend_in_child(void) {
  pid_t pid = forked();
  if (pid == 0) burn_and_end(false);
  waitpid(pid, NULL, 0);
}

/* Out of the session, the process group and the family: its parent has ended before it burns anything. */
static void spend_in_orphan(void) {
  int ended[2];
  if (pipe(ended) < 0) exit(EXIT_FAILURE);
  pid_t between = forked();
  if (between == 0) {
    setsid();
    pid_t parent = getpid();
    if (forked() > 0) _exit(EXIT_SUCCESS);
    close(ended[0]);
    while (getppid() == parent) usleep(50);
    burn_and_end(true);
  }
  close(ended[1]);
  waitpid(between, NULL, 0);
  char nothing;
  while (read(ended[0], &nothing, 1) > 0) continue; /* ends when the orphan does */
  close(ended[0]);
}

void spend(void) {
  if (options.cpu_us == 0) return;
  if (options.burner == BY_CHILD) spend_in_child();
  else if (options.burner == BY_ORPHAN) spend_in_orphan();
  else burn(options.cpu_us);
}

void *take_memory(uint64_t bytes) {
  if (bytes == 0) return NULL;
  uint8_t *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    perror("known-server: memory");
    exit(EXIT_FAILURE);
  }
  for (uint64_t i = 0; i < bytes; i += 4096) memory[i] = (uint8_t)(i / 4096 + 1);
  return memory;
}

void tell_private_memory(char *room, size_t bytes) {
  int file = open("/proc/self/smaps_rollup", O_RDONLY | O_CLOEXEC);
  ssize_t got = file < 0 ? -1 : read(file, room, bytes - 1);
  if (file >= 0) close(file);
  if (got <= 0) return;
  room[got] = '\0';
  const char *line = strstr(room, "Private_Dirty:");
  if (!line) return;
  atomic_fetch_add(&done->private_bytes, strtoull(line + strlen("Private_Dirty:"), NULL, 10) * 1024);
  atomic_fetch_add(&done->private_of, 1);
}
