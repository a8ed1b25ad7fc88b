/*
 * exchange PERIOD_US CORE CORE PID... -- PID...
 *
 * Two groups of processes, each on a core, that change cores in every period until standard input ends; then each is put
 * back where it began. A core of a virtual machine is faster at one moment than at the next, and stays so for a tenth of a
 * second and longer: what changes places often meets the same of it.
 *
 * A mover on each core sends away who is on it. While the mover runs, nobody else does there, so that no move has to wait
 * for somebody to be stopped: from any other place a move takes as long as whoever runs is let run, some milliseconds.
 *
 * The descendants of a group go with it, those born meanwhile too. Prints a line once the first places are taken.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/*
 * Looking for new threads costs many times what moving the known ones does: at first in every period, since servers start
 * workers when connections come, then in one of eight. Who is born between is at most so long on its parent's last core.
 */
enum { EVERY_PERIOD_UNTIL = 4, ONE_PERIOD_OF = 8 };

struct list {
  int *numbers;
  int count, capacity;
};

/* The first threads of all processes go first: they do nearly all the work, and the mover may be stopped on its way. */
struct group {
  struct list roots, first, others;
};

static void append(struct list *list, int number) {
  if (list->count == list->capacity) {
    list->capacity = list->capacity ? 2 * list->capacity : 64;
    list->numbers = realloc(list->numbers, (size_t)list->capacity * sizeof *list->numbers);
    if (!list->numbers) abort();
  }
  list->numbers[list->count++] = number;
}

static void collect_process(struct group *group, int pid);

static void collect_children(struct group *group, int pid, int thread) {
  char path[64];
  int child;
  snprintf(path, sizeof path, "/proc/%d/task/%d/children", pid, thread);
  FILE *children = fopen(path, "re");
  if (!children) return;
  while (fscanf(children, "%d", &child) == 1) collect_process(group, child);
  fclose(children);
}

/* What has ended meanwhile has no threads. */
static void collect_process(struct group *group, int pid) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/task", pid);
  DIR *tasks = opendir(path);
  if (!tasks) return;
  for (struct dirent *entry; (entry = readdir(tasks));) {
    int thread = atoi(entry->d_name);
    if (thread == 0) continue;
    append(thread == pid ? &group->first : &group->others, thread);
    collect_children(group, pid, thread);
  }
  closedir(tasks);
}

static void look(struct group *group) {
  group->first.count = group->others.count = 0;
  for (int i = 0; i < group->roots.count; i++) collect_process(group, group->roots.numbers[i]);
}

/* A thread that has ended meanwhile is let be. */
static void place_threads(const struct list *threads, int core) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(core, &cores);
  for (int i = 0; i < threads->count; i++) {
    int thread = threads->numbers[i];
    if (sched_setaffinity(thread, sizeof cores, &cores) == 0 || errno == ESRCH) continue;
    fprintf(stderr, "cannot keep thread %d on core %d: %s\n", thread, core, strerror(errno));
    exit(1);
  }
}

static void place(const struct group *group, int core) {
  place_threads(&group->first, core);
  place_threads(&group->others, core);
}

static struct group groups[2];
static int cores[2];
static int64_t period_ns;
static struct timespec begin;
static atomic_bool over;
/* Nobody looks for threads of a group, or moves it, while the other mover does. */
static pthread_mutex_t turns[2] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};

static void sleep_until(int64_t since_begin_ns) {
  int64_t ns = begin.tv_nsec + since_begin_ns;
  struct timespec until = {.tv_sec = begin.tv_sec + ns / 1000000000, .tv_nsec = ns % 1000000000};
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

/* Who asks for short turns is let run sooner (EEVDF, Linux 6.12). A millisecond, in ns, is enough for all threads of a group. */
static void ask_for_short_turns(void) {
  struct {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
  } attributes = {.size = sizeof attributes, .policy = SCHED_OTHER, .runtime = 1000000};
  syscall(SYS_sched_setattr, 0, &attributes, 0);
}

/* The mover of a core: in every period it sends the group that is there to the other core. */
static void *move_away(void *core_index) {
  int here = core_index == &cores[1];
  cpu_set_t own;
  CPU_ZERO(&own);
  CPU_SET(cores[here], &own);
  sched_setaffinity(0, sizeof own, &own);
  ask_for_short_turns();
  for (int64_t move = 1;; move++) {
    sleep_until(move * period_ns);
    if (over) return NULL;
    int who = here ^ ((move - 1) & 1);
    pthread_mutex_lock(&turns[who]);
    place(&groups[who], cores[!here]);
    if (move < EVERY_PERIOD_UNTIL || move % ONE_PERIOD_OF == 0) {
      look(&groups[who]);
      place(&groups[who], cores[!here]);
    }
    pthread_mutex_unlock(&turns[who]);
  }
}

static int number(const char *text, int most) {
  char *end;
  long value = strtol(text, &end, 10);
  if (end != text && *end == '\0' && value >= 0 && value <= most) return (int)value;
  fprintf(stderr, "%s: not a number from 0 to %d\n", text, most);
  exit(2);
}

/* Reads the arguments from `at` on, up to "--" or the end; returns where it stopped. */
static int read_group(struct group *group, int argc, char **argv, int at) {
  for (; at < argc && strcmp(argv[at], "--") != 0; at++) append(&group->roots, number(argv[at], INT_MAX));
  return at;
}

static void place_both(void) {
  for (int i = 0; i < 2; i++) {
    look(&groups[i]);
    place(&groups[i], cores[i]);
  }
}

int main(int argc, char **argv) {
  int split = argc < 5 ? argc : read_group(&groups[0], argc, argv, 4);
  if (split == argc) {
    fprintf(stderr, "usage: exchange PERIOD_US CORE CORE PID... -- PID...\n");
    return 2;
  }
  read_group(&groups[1], argc, argv, split + 1);
  period_ns = number(argv[1], 1000000) * 1000LL;
  for (int i = 0; i < 2; i++) cores[i] = number(argv[2 + i], CPU_SETSIZE - 1);
  prctl(PR_SET_PDEATHSIG, SIGKILL);

  place_both();
  clock_gettime(CLOCK_MONOTONIC, &begin);
  pthread_t movers[2];
  for (int i = 0; i < 2; i++) {
    if (pthread_create(&movers[i], NULL, move_away, &cores[i]) == 0) continue;
    fprintf(stderr, "cannot start a thread\n");
    return 1;
  }
  puts("placed");
  fflush(stdout);
  /* Its end: whoever started this is done, or gone. */
  char ignored[16];
  while (read(STDIN_FILENO, ignored, sizeof ignored) > 0) continue;
  over = true;
  for (int i = 0; i < 2; i++) pthread_join(movers[i], NULL);
  place_both();
  return 0;
}
