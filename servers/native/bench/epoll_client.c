/*
 * build/native/client --port N [options]: the barest closed-loop client, one epoll loop with nothing around it. It is
 * the physical limit that the load generator is compared with, and measures the servers' CPU per message and per
 * connection without being in the way.
 *
 *   --mode hold     each connection exchanges messages until --count or --seconds is reached (default)
 *   --mode connect  each exchange has a connection of its own: connect, one message, close
 *
 * It prints one JSON object. In mode hold, time and CPU are counted from when all connections were asked for.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../net/frame.h"
#include "client_options.h"

enum { EVENTS_A_TURN = 256, STALL_MS = 5000 };

static struct client_options options;

struct client {
  int fd; /* -1: closed */
  uint32_t received;
  bool to_send; /* the request could not be sent yet: the connection is not established, or the socket is full */
  uint32_t sent;
};

/* Think time is the same for all, so who starts to think first is first to end. */
struct thought {
  uint64_t due_ns;
  uint32_t client;
};

static struct client *clients;
static struct thought *thoughts;
static uint64_t first_thought, thinking;
static uint8_t *request, *reply, *chunk;
static uint32_t message_bytes;
static int epoll;
static uint64_t issued, completed, errors, connected, deadline_ns;
static unsigned alive;

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void make_messages(void) {
  struct buffer out = {0}, in = {0};
  uint8_t *payload = calloc(1, options.size + 1);
  memset(payload, 'x', options.size);
  for (struct buffer *message = &out; message; message = message == &out ? &in : NULL) {
    if (!options.raw) {
      uint8_t kind = message == &out ? HF_KIND_REQUEST : HF_KIND_REPLY;
      write_u32(frame_begin(message, kind, HF_METHOD_ECHO, 1, 4 + options.size), (uint32_t)options.size);
      message->end -= options.size;
    }
    buffer_append(message, payload, options.size);
  }
  free(payload);
  request = out.bytes;
  reply = in.bytes;
  message_bytes = (uint32_t)buffer_length(&out);
  chunk = malloc(message_bytes + 1);
}

static void watch(uint32_t index, int operation, uint32_t interest) {
  struct epoll_event event = {.events = interest, .data.u32 = index};
  epoll_ctl(epoll, operation, clients[index].fd, &event);
}

static void drop(uint32_t index, bool failed) {
  close(clients[index].fd);
  clients[index].fd = -1;
  alive--;
  errors += failed;
}

/* Sends what is left of the request; asks to be told when the socket takes more. */
static void send_request(uint32_t index) {
  struct client *client = &clients[index];
  ssize_t sent = send(client->fd, request + client->sent, message_bytes - client->sent, MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN) {
    drop(index, true);
    return;
  }
  if (sent > 0) client->sent += (uint32_t)sent;
  bool left = client->sent < message_bytes;
  if (left != client->to_send) watch(index, EPOLL_CTL_MOD, left ? EPOLLIN | EPOLLOUT : EPOLLIN);
  client->to_send = left;
}

static bool may_issue(void) { return (options.count == 0 || issued < options.count) && deadline_ns != 0; }

static void issue(uint32_t index) {
  issued++;
  clients[index].received = 0;
  clients[index].sent = 0;
  send_request(index);
}

static void open_connection(uint32_t index) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)options.port)};
  address.sin_addr.s_addr = htonl(ntohl(options.host.s_addr) + (uint32_t)(index % options.hosts));
  int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  clients[index] = (struct client){.fd = fd};
  if (fd < 0 || (connect(fd, (struct sockaddr *)&address, sizeof address) < 0 && errno != EINPROGRESS)) {
    fprintf(stderr, "client: cannot connect: %s\n", strerror(errno));
    exit(EXIT_FAILURE);
  }
  alive++;
  connected++;
  watch(index, EPOLL_CTL_ADD, EPOLLIN);
}

static void go_on(uint32_t index, uint64_t now) {
  if (options.connect_mode) {
    drop(index, false);
    if (!may_issue()) return;
    open_connection(index);
    issue(index);
  } else if (options.think_ms > 0) {
    uint64_t place = (first_thought + thinking++) % options.connections;
    thoughts[place] = (struct thought){.due_ns = now + options.think_ms * 1000000, .client = index};
  } else if (may_issue()) {
    issue(index);
  }
}

static void receive(uint32_t index, uint64_t now) {
  struct client *client = &clients[index];
  uint32_t expected = message_bytes - client->received;
  ssize_t received = recv(client->fd, chunk, expected, 0);
  if (received < 0 && errno == EAGAIN) return;
  if (received <= 0 || memcmp(chunk, reply + client->received, (size_t)received) != 0) {
    drop(index, true);
    return;
  }
  client->received += (uint32_t)received;
  if (client->received < message_bytes) return;
  completed++;
  go_on(index, now);
}

static void end_thoughts(uint64_t now) {
  while (thinking > 0 && thoughts[first_thought].due_ns <= now) {
    uint32_t index = thoughts[first_thought].client;
    first_thought = (first_thought + 1) % options.connections;
    thinking--;
    if (may_issue()) issue(index);
  }
}

/* Milliseconds until the next thought ends or the time is up, rounded up so that the loop does not spin. */
static int timeout_ms(uint64_t now) {
  uint64_t wake = may_issue() ? deadline_ns : now + STALL_MS * UINT64_C(1000000);
  if (thinking > 0 && thoughts[first_thought].due_ns < wake) wake = thoughts[first_thought].due_ns;
  if (wake <= now) return 0;
  uint64_t ms = (wake - now + 999999) / 1000000;
  return ms > STALL_MS ? STALL_MS : (int)ms;
}

static void run(void) {
  struct epoll_event events[EVENTS_A_TURN];
  uint64_t now = now_ns(), progress_ns = now;
  while (alive > 0 && (completed + errors < issued || (thinking > 0 && may_issue()))) {
    int count = epoll_wait(epoll, events, EVENTS_A_TURN, timeout_ms(now));
    now = now_ns();
    if (now >= deadline_ns) deadline_ns = 0;
    for (int i = 0; i < count; i++) {
      uint32_t index = events[i].data.u32;
      if (clients[index].to_send && events[i].events & EPOLLOUT) send_request(index);
      if (clients[index].fd >= 0 && events[i].events & ~(uint32_t)EPOLLOUT) receive(index, now);
    }
    end_thoughts(now);
    if (count > 0 || thinking > 0) progress_ns = now;
    if (now - progress_ns > STALL_MS * UINT64_C(1000000)) break;
  }
  errors += issued - completed - errors;
}

static uint64_t cpu_ns(const struct timeval *time) {
  return (uint64_t)time->tv_sec * 1000000000u + (uint64_t)time->tv_usec * 1000;
}

int main(int argc, char **argv) {
  options = client_options_parse(argc, argv);
  make_messages();
  epoll = epoll_create1(EPOLL_CLOEXEC);
  clients = calloc(options.connections, sizeof *clients);
  thoughts = calloc(options.connections, sizeof *thoughts);

  struct rusage before, after;
  for (uint32_t i = 0; !options.connect_mode && i < options.connections; i++) open_connection(i);
  getrusage(RUSAGE_SELF, &before);
  uint64_t start_ns = now_ns();
  deadline_ns = options.seconds > 0 ? start_ns + (uint64_t)(options.seconds * 1e9) : UINT64_MAX;
  for (uint32_t i = 0; i < options.connections && may_issue(); i++) {
    if (options.connect_mode) open_connection(i);
    issue(i);
  }
  run();
  uint64_t elapsed_ns = now_ns() - start_ns;
  getrusage(RUSAGE_SELF, &after);

  uint64_t user_ns = cpu_ns(&after.ru_utime) - cpu_ns(&before.ru_utime);
  uint64_t system_ns = cpu_ns(&after.ru_stime) - cpu_ns(&before.ru_stime);
  double seconds = (double)elapsed_ns / 1e9;
  printf("{\"mode\":\"%s\",\"connections\":%llu,\"messages\":%llu,\"errors\":%llu,\"elapsedNs\":%llu,"
         "\"userCpuNs\":%llu,\"systemCpuNs\":%llu,\"messagesPerSecond\":%.1f,\"cpuNsPerMessage\":%.1f}\n",
         options.connect_mode ? "connect" : "hold", (unsigned long long)connected, (unsigned long long)completed,
         (unsigned long long)errors, (unsigned long long)elapsed_ns, (unsigned long long)user_ns,
         (unsigned long long)system_ns, (double)completed / seconds,
         completed > 0 ? (double)(user_ns + system_ns) / (double)completed : 0.0);
  return errors > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
