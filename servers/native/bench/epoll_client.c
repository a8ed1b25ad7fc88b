/*
 * build/native/client --port N [options]: the barest closed-loop client, one epoll loop with nothing around it. It is
 * the physical limit that the load generator is compared with, and measures the servers' CPU per message and per
 * connection without being in the way.
 *
 *   --mode hold     each connection exchanges messages until --count or --seconds is reached (default)
 *   --mode connect  each exchange has a connection of its own: connect, one message, close
 *
 * It prints one JSON object. In mode hold, time and CPU are counted from when all connections were asked for.
 * Longer than 250 lines because it is a program of its own, whose parts nobody else has a use for.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/queue.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../net/frame.h"
#include "../server/parameter.h"

enum { EVENTS_A_TURN = 256, STALL_MS = 5000, EXIT_USAGE = 2 };

static struct {
  struct in_addr host;
  uint64_t sources;        /* addresses from 127.0.0.1 on to come from, each with ports of its own; 0: the kernel's choice */
  uint64_t port, connections;
  uint64_t count;          /* messages in all; 0: no limit */
  double seconds;          /* 0: no limit */
  uint64_t think_ms;       /* between an answer and the next message of a connection */
  uint64_t size;           /* bytes of a message, its frame not counted */
  bool raw;                /* no frames */
  bool connect_mode;       /* a connection for each message */
} options = {.connections = 1, .size = 64};

static const struct {
  const char *name;
  uint64_t *value, min, max;
} numbers[] = {
    {"--port", &options.port, 0, 65535},
    {"--sources", &options.sources, 0, 254},
    {"--connections", &options.connections, 1, 1000000},
    {"--size", &options.size, 0, HF_MAX_FRAME_BYTES - HF_HEADER_BYTES - 4},
    {"--count", &options.count, 0, UINT64_MAX},
    {"--think-ms", &options.think_ms, 0, 3600000},
};

struct client {
  int fd; /* -1: closed */
  uint32_t received, sent;
  bool to_send; /* the request could not be sent yet: the connection is not established, or the socket is full */
  uint64_t thinks_until_ns;
  STAILQ_ENTRY(client) thinks;
};

static struct client *clients;
/* Think time is the same for all, so who starts to think first is first to end. */
static STAILQ_HEAD(, client) thinking = STAILQ_HEAD_INITIALIZER(thinking);
static uint8_t *request, *reply, *chunk;
static uint32_t message_bytes;
static int epoll;
static uint64_t issued, completed, errors, connected, deadline_ns;
static unsigned alive;

_Noreturn static void usage(const char *problem) {
  fprintf(stderr,
          "client: %s\nusage: client --port N [--host A] [--sources K: come from K addresses] [--connections N]\n"
          "  [--mode hold|connect] [--raw true|false] [--size BYTES] [--count MESSAGES | --seconds S] [--think-ms MS]\n",
          problem);
  exit(EXIT_USAGE);
}

static bool set(const char *name, const char *value) {
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    if (strcmp(name, numbers[i].name) != 0) continue;
    return parse_u64(value, numbers[i].max, numbers[i].value) && *numbers[i].value >= numbers[i].min;
  }
  if (strcmp(name, "--host") == 0) return inet_pton(AF_INET, value, &options.host) == 1;
  if (strcmp(name, "--raw") == 0) return parse_bool(value, &options.raw);
  if (strcmp(name, "--seconds") == 0) {
    char *end;
    options.seconds = strtod(value, &end);
    return *end == '\0' && options.seconds > 0;
  }
  options.connect_mode = strcmp(value, "connect") == 0;
  return strcmp(name, "--mode") == 0 && (options.connect_mode || strcmp(value, "hold") == 0);
}

static void read_options(int argc, char **argv) {
  inet_pton(AF_INET, "127.0.0.1", &options.host);
  for (int i = 1; i < argc; i += 2) {
    if (i + 1 == argc || !set(argv[i], argv[i + 1])) usage(argv[i]);
  }
  if (options.port == 0) usage("--port is needed");
  if (options.raw && options.size == 0) usage("--raw needs a --size of at least 1");
  if (options.count == 0 && options.seconds == 0) usage("--count or --seconds is needed");
}

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint8_t *make_message(uint8_t kind) {
  struct buffer message = {0};
  if (!options.raw) {
    write_u32(frame_begin(&message, kind, HF_METHOD_ECHO, 1, 4 + options.size), (uint32_t)options.size);
  } else if (buffer_reserve(&message, options.size)) {
    message.end = options.size;
  }
  memset(buffer_tail(&message) - options.size, 'x', options.size);
  message_bytes = (uint32_t)buffer_length(&message);
  return message.bytes;
}

static void watch(struct client *client, int operation, uint32_t interest) {
  struct epoll_event event = {.events = interest, .data.ptr = client};
  epoll_ctl(epoll, operation, client->fd, &event);
}

static void drop(struct client *client, bool failed) {
  close(client->fd);
  client->fd = -1;
  alive--;
  errors += failed;
}

/* Sends what is left of the request; asks to be told when the socket takes more. */
static void send_request(struct client *client) {
  ssize_t sent = send(client->fd, request + client->sent, message_bytes - client->sent, MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN) {
    drop(client, true);
    return;
  }
  if (sent > 0) client->sent += (uint32_t)sent;
  bool left = client->sent < message_bytes;
  if (left != client->to_send) watch(client, EPOLL_CTL_MOD, left ? EPOLLIN | EPOLLOUT : EPOLLIN);
  client->to_send = left;
}

static bool may_issue(void) { return (options.count == 0 || issued < options.count) && deadline_ns != 0; }

static void issue(struct client *client) {
  issued++;
  client->received = client->sent = 0;
  send_request(client);
}

static void open_connection(struct client *client) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)options.port), .sin_addr = options.host};
  int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  *client = (struct client){.fd = fd};
  if (options.sources > 0) {
    struct sockaddr_in source = {.sin_family = AF_INET};
    source.sin_addr.s_addr = htonl(INADDR_LOOPBACK + (uint32_t)((size_t)(client - clients) % options.sources));
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&source, sizeof source) < 0) fprintf(stderr, "client: cannot bind: %s\n", strerror(errno));
  }
  if (fd < 0 || (connect(fd, (struct sockaddr *)&address, sizeof address) < 0 && errno != EINPROGRESS)) {
    fprintf(stderr, "client: cannot connect: %s\n", strerror(errno));
    exit(EXIT_FAILURE);
  }
  alive++;
  connected++;
  watch(client, EPOLL_CTL_ADD, EPOLLIN);
}

static void go_on(struct client *client, uint64_t now) {
  if (options.connect_mode) {
    drop(client, false);
    if (!may_issue()) return;
    open_connection(client);
    issue(client);
  } else if (options.think_ms > 0) {
    client->thinks_until_ns = now + options.think_ms * 1000000;
    STAILQ_INSERT_TAIL(&thinking, client, thinks);
  } else if (may_issue()) {
    issue(client);
  }
}

static void receive(struct client *client, uint64_t now) {
  uint32_t expected = message_bytes - client->received;
  ssize_t received = recv(client->fd, chunk, expected, 0);
  if (received < 0 && errno == EAGAIN) return;
  if (received <= 0 || memcmp(chunk, reply + client->received, (size_t)received) != 0) {
    drop(client, true);
    return;
  }
  client->received += (uint32_t)received;
  if (client->received < message_bytes) return;
  completed++;
  go_on(client, now);
}

static void end_thoughts(uint64_t now) {
  for (struct client *client; (client = STAILQ_FIRST(&thinking)) && client->thinks_until_ns <= now;) {
    STAILQ_REMOVE_HEAD(&thinking, thinks);
    if (may_issue()) issue(client);
  }
}

/* Milliseconds until the next thought ends or the time is up, rounded up so that the loop does not spin. */
static int timeout_ms(uint64_t now) {
  uint64_t wake = may_issue() ? deadline_ns : now + STALL_MS * UINT64_C(1000000);
  const struct client *thinker = STAILQ_FIRST(&thinking);
  if (thinker && thinker->thinks_until_ns < wake) wake = thinker->thinks_until_ns;
  if (wake <= now) return 0;
  uint64_t ms = (wake - now + 999999) / 1000000;
  return ms > STALL_MS ? STALL_MS : (int)ms;
}

static void run(void) {
  struct epoll_event events[EVENTS_A_TURN];
  uint64_t now = now_ns(), progress_ns = now;
  while (alive > 0 && (completed + errors < issued || (!STAILQ_EMPTY(&thinking) && may_issue()))) {
    int count = epoll_wait(epoll, events, EVENTS_A_TURN, timeout_ms(now));
    now = now_ns();
    if (now >= deadline_ns) deadline_ns = 0;
    for (int i = 0; i < count; i++) {
      struct client *client = events[i].data.ptr;
      if (client->to_send && events[i].events & EPOLLOUT) send_request(client);
      if (client->fd >= 0 && events[i].events & ~(uint32_t)EPOLLOUT) receive(client, now);
    }
    end_thoughts(now);
    if (count > 0 || !STAILQ_EMPTY(&thinking)) progress_ns = now;
    if (now - progress_ns > STALL_MS * UINT64_C(1000000)) break;
  }
  errors += issued - completed - errors;
}

static uint64_t cpu_ns(const struct timeval *time) {
  return (uint64_t)time->tv_sec * 1000000000u + (uint64_t)time->tv_usec * 1000;
}

int main(int argc, char **argv) {
  read_options(argc, argv);
  request = make_message(HF_KIND_REQUEST);
  reply = make_message(HF_KIND_REPLY);
  chunk = malloc(message_bytes + 1);
  epoll = epoll_create1(EPOLL_CLOEXEC);
  clients = calloc(options.connections, sizeof *clients);

  struct rusage before, after;
  for (uint32_t i = 0; !options.connect_mode && i < options.connections; i++) open_connection(&clients[i]);
  getrusage(RUSAGE_SELF, &before);
  uint64_t start_ns = now_ns();
  deadline_ns = options.seconds > 0 ? start_ns + (uint64_t)(options.seconds * 1e9) : UINT64_MAX;
  for (uint32_t i = 0; i < options.connections && may_issue(); i++) {
    if (options.connect_mode) open_connection(&clients[i]);
    issue(&clients[i]);
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
