/* Accepts, hands each connection to a thread or a process, and tells at the end what was done. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "known.h"
#include "signals.h"

struct done *done;

enum { STACK_BYTES = 64 * 1024, DRAIN_MS = 1000 };

struct arrival {
  int connection;
  uint64_t number;
};

static int listener, ends;
static uint64_t held;

_Noreturn static void fail(const char *what) {
  perror(what);
  exit(EXIT_FAILURE);
}

static int listen_on(uint16_t port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;
  setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* accepted sockets inherit it */
  if (bind(made, (struct sockaddr *)&address, sizeof address) < 0 || listen(made, 4096) < 0) fail("known-server: listen");
  return made;
}

/* CPU time of this process and of those that it has waited for, in ns. */
static uint64_t cpu_ns(void) {
  uint64_t sum = 0;
  for (int i = 0; i < 2; i++) {
    struct rusage use;
    getrusage(i == 0 ? RUSAGE_SELF : RUSAGE_CHILDREN, &use);
    sum += (uint64_t)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1000000000;
    sum += (uint64_t)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) * 1000;
  }
  return sum;
}

static void *serve_in_thread(void *argument) {
  struct arrival arrival = *(struct arrival *)argument;
  free(argument);
  serve(arrival.connection, arrival.number);
  eventfd_write(ends, 1);
  return NULL;
}

static void start_thread(struct arrival arrival) {
  struct arrival *argument = malloc(sizeof *argument);
  pthread_attr_t attributes;
  pthread_t thread;
  if (!argument) fail("known-server: malloc");
  *argument = arrival;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, STACK_BYTES);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  if (pthread_create(&thread, &attributes, serve_in_thread, argument) != 0) fail("known-server: thread");
  pthread_attr_destroy(&attributes);
}

static void start_process(struct arrival arrival) {
  pid_t parent = getpid(), pid = fork();
  if (pid < 0) fail("known-server: fork");
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(EXIT_FAILURE);
    close(listener);
    serve(arrival.connection, arrival.number);
    _exit(EXIT_SUCCESS);
  }
  close(arrival.connection);
}

static void accept_one(void) {
  int connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
  if (connection < 0) return;
  int64_t none = 0;
  atomic_compare_exchange_strong(&done->first_ns, &none, now_ns());
  struct arrival arrival = {.connection = connection, .number = atomic_fetch_add(&done->accepted, 1) + 1};
  held++;
  if (options.processes) start_process(arrival);
  else start_thread(arrival);
  if (held > done->most_held) done->most_held = held;
}

/* Counts those that have ended. */
static void note_ends(void) {
  if (options.processes) {
    while (waitpid(-1, NULL, WNOHANG) > 0) held--;
  } else {
    eventfd_t ended = 0;
    if (eventfd_read(ends, &ended) == 0) held -= ended;
  }
}

static int by_size(const void *a, const void *b) {
  uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
  return left < right ? -1 : left > right;
}

static void print_delays(void) {
  uint32_t count = done->delays < MOST_DELAYS ? done->delays : MOST_DELAYS, *us = (uint32_t *)done->delays_us;
  qsort(us, count, sizeof *us, by_size);
  static const double quantiles[] = {0.5, 0.9, 0.99};
  double sum = 0;
  for (uint32_t i = 0; i < count; i++) sum += us[i];
  printf(",\"delays\":%u,\"delayMeanUs\":%.1f", count, count > 0 ? sum / count : 0);
  for (int i = 0; i < 3; i++) {
    printf(",\"delayP%dUs\":%u", (int)(quantiles[i] * 100), count > 0 ? us[(uint32_t)(quantiles[i] * (count - 1))] : 0);
  }
}

static void print_count(const char *name, uint64_t count) { printf(",\"%s\":%llu", name, (unsigned long long)count); }

static void tell(uint64_t cpu_spent_ns) {
  printf("{\"event\":\"stats\"");
  print_count("accepted", done->accepted);
  print_count("lost", done->lost);
  print_count("mostHeld", done->most_held);
  print_count("exchanges", done->exchanges);
  print_count("corrupted", done->corrupted);
  print_count("failed", done->failed);
  print_count("cpuNs", cpu_spent_ns + done->orphan_cpu_ns);
  print_count("coldCpuNs", done->cold_cpu_ns);
  print_count("touchedBytes", done->touched_bytes);
  print_count("stalledNs", done->stalled_ns);
  print_count("privateBytes", done->private_of > 0 ? done->private_bytes / done->private_of : 0);
  print_delays();
  printf("}\n");
  fflush(stdout);
}

int main(int argc, char **argv) {
  options_parse(argc, argv);
  /* Sleeps end when they are due, not up to 50 us later. */
  prctl(PR_SET_TIMERSLACK, 1UL);
  done = mmap(NULL, sizeof *done, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (done == MAP_FAILED) fail("known-server: memory");
  take_memory(options.parent_bytes);
  struct stopping stopping = signals_open();
  ends = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  listener = listen_on((uint16_t)options.port);
  printf("{\"event\":\"ready\",\"port\":%llu,\"pid\":%d}\n", (unsigned long long)options.port, (int)getpid());
  fflush(stdout);

  uint64_t cpu_at_ready_ns = cpu_ns();
  while (!stopping.asked || (held > 0 && clock_ms() < stopping.deadline)) {
    bool accepting = !stopping.asked && (options.most == 0 || held < options.most);
    struct pollfd polled[] = {
        {.fd = stopping.signals, .events = POLLIN},
        {.fd = ends, .events = POLLIN},
        {.fd = accepting ? listener : -1, .events = POLLIN},
    };
    poll(polled, 3, stopping.asked ? 10 : -1);
    signals_take(&stopping, listener, DRAIN_MS);
    note_ends();
    if (polled[2].revents && !stopping.asked) accept_one();
  }
  tell(cpu_ns() - cpu_at_ready_ns);
  return EXIT_SUCCESS;
}
