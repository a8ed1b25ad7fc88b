/*
 * c-prefork-pass (Stevens' server 5): the parent accepts and passes each connection to an idle one of the processes
 * started beforehand, which says when it is idle again.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../process/workers.h"
#include "../process/dispatcher.h"
#include "../net/serve.h"
#include "model.h"

/* What a worker says when it is idle again. The process id tells a message of a worker that has died meanwhile from one
 * of its successor. */
struct notice {
  unsigned id;
  pid_t pid;
};

static struct children children;
static struct worker {
  int channel; /* our end of the socket pair */
  bool busy;
} *workers;
static unsigned *idle, idle_count; /* a stack: who has just finished still has warm caches */
static int notices[2];

/* The descriptor, and with it what is known of the waiter. */
static void send_waiter(int channel, const struct waiter *waiter) {
  union {
    char bytes[CMSG_SPACE(sizeof(int))];
    struct cmsghdr align;
  } control = {{0}};
  struct iovec payload = {.iov_base = (void *)waiter, .iov_len = sizeof *waiter};
  struct msghdr message = {
      .msg_iov = &payload, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof waiter->fd);
  memcpy(CMSG_DATA(header), &waiter->fd, sizeof waiter->fd);
  /* Should the worker have died: on_child() will hear of it and count the connection as broken. */
  sendmsg(channel, &message, MSG_NOSIGNAL);
}

/* Blocks until a connection comes; false when the parent has closed its end. */
static bool receive_waiter(int channel, struct waiter *waiter) {
  union {
    char bytes[CMSG_SPACE(sizeof(int))];
    struct cmsghdr align;
  } control;
  struct iovec payload = {.iov_base = waiter, .iov_len = sizeof *waiter};
  struct msghdr message = {
      .msg_iov = &payload, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
  ssize_t received;
  do {
    received = recvmsg(channel, &message, MSG_CMSG_CLOEXEC);
  } while (received < 0 && errno == EINTR);
  struct cmsghdr *header = received > 0 ? CMSG_FIRSTHDR(&message) : NULL;
  if (!header || header->cmsg_type != SCM_RIGHTS) return false;
  memcpy(&waiter->fd, CMSG_DATA(header), sizeof waiter->fd);
  return true;
}

static void work(const struct server *server, unsigned id, int channel) {
  struct tally *tally = &server->stats->tallies[id];
  struct notice notice = {.id = id, .pid = getpid()};
  struct waiter waiter;
  while (receive_waiter(channel, &waiter)) {
    serve(server, tally, waiter.fd, waiter.waited, waited_ms(&waiter));
    if (write(notices[1], &notice, sizeof notice) != sizeof notice) return;
  }
}

/* Starts a worker in its place. Each has a channel of its own, so that nothing sent to one that dies reaches the next. */
static bool start(const struct server *server, unsigned id) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) return false;
  pid_t pid = children_fork(&children, id);
  if (pid == 0) {
    children_keep_only((int[]){pair[1], notices[1], server->told_ready}, 3);
    server_tell_ready(server);
    work(server, id, pair[1]);
    _exit(EXIT_SUCCESS);
  }
  close(pair[1]);
  if (pid < 0) {
    close(pair[0]);
    return false;
  }
  workers[id].channel = pair[0];
  server->stats->tallies[id].pid = pid;
  return true;
}

static void set_idle(struct dispatcher *dispatcher, unsigned id) {
  workers[id].busy = false;
  idle[idle_count++] = id;
  dispatcher_free(dispatcher);
}

static void assign(struct dispatcher *dispatcher, const struct waiter *waiter) {
  struct stats *stats = dispatcher->server->stats;
  unsigned id = idle[--idle_count];
  workers[id].busy = true;
  tally_accept(stats, &stats->tallies[id]);
  send_waiter(workers[id].channel, waiter);
  close(waiter->fd);
}

static void on_news(struct dispatcher *dispatcher) {
  struct notice told[64];
  ssize_t bytes = read(notices[0], told, sizeof told);
  for (ssize_t i = 0; i < bytes / (ssize_t)sizeof *told; i++) {
    if (children.pids[told[i].id] == told[i].pid && workers[told[i].id].busy) set_idle(dispatcher, told[i].id);
  }
}

static void on_child(struct dispatcher *dispatcher) {
  const struct server *server = dispatcher->server;
  for (int id; (id = children_reap(&children)) >= 0;) {
    tally_close(server->stats, &server->stats->tallies[id]);
    close(workers[id].channel);
    /* Without processes left in the system nothing better can be done than to wait for one. */
    while (!start(server, (unsigned)id)) nanosleep(&(struct timespec){.tv_nsec = REFILL_PAUSE_MS * 1000000L}, NULL);
    if (workers[id].busy) set_idle(dispatcher, (unsigned)id);
  }
}

static int run(struct server *server) {
  unsigned count = server->options.workers;
  static struct dispatcher dispatcher = {.assign = assign, .on_child = on_child, .on_news = on_news};
  workers = calloc(count, sizeof *workers);
  idle = calloc(count, sizeof *idle);
  children_open(&children, count);
  dispatcher_open(&dispatcher, server, count);
  server->told_ready = eventfd(0, EFD_CLOEXEC);
  bool started = workers && idle && pipe2(notices, O_CLOEXEC) == 0;
  dispatcher.news = notices[0];
  for (unsigned id = 0; started && id < count; id++) {
    started = start(server, id);
    idle[idle_count++] = id;
  }
  if (children_await(&children, server->told_ready)) {
    dispatcher_run(&dispatcher);
  } else {
    dispatcher.stopping.exit_code = EXIT_FAILURE;
  }
  children_close(&children);
  return dispatcher.stopping.exit_code;
}

const struct model prefork_pass_model = {.id = "c-prefork-pass", .workers = WORKERS_POOL, .run = run};
