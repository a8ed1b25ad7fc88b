#include "listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../server/server.h"

_Noreturn static void fail(const struct server *server, const char *what) {
  int error = errno;
  fprintf(stderr, "server: cannot %s %s port %u: %s\n", what, server->options.host, server->options.port,
          error == EADDRINUSE ? "the port is in use; choose another or 0" : strerror(error));
  exit(error == EADDRINUSE ? EXIT_PORT_IN_USE : EXIT_FAILURE);
}

/* On Linux accepted sockets inherit these from the listening one, which saves three calls a connection. */
static void set_inherited_options(int listener, unsigned idle_ms) {
  int on = 1;
  setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  /* Deadlines of blocking workers; sockets that do not block pass over them. */
  struct timeval idle = {.tv_sec = idle_ms / 1000, .tv_usec = (idle_ms % 1000) * 1000};
  setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &idle, sizeof idle);
  setsockopt(listener, SOL_SOCKET, SO_SNDTIMEO, &idle, sizeof idle);
}

union address {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
};

/* Names are not looked up, but for the one that needs no looking up: what is measured listens on an address. */
static socklen_t parse_address(const struct options *options, union address *address) {
  const char *host = strcmp(options->host, "localhost") == 0 ? "127.0.0.1" : options->host;
  *address = (union address){.v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)options->port)}};
  if (inet_pton(AF_INET6, host, &address->v6.sin6_addr) == 1) return sizeof address->v6;
  *address = (union address){.v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)options->port)}};
  if (inet_pton(AF_INET, host, &address->v4.sin_addr) == 1) return sizeof address->v4;
  fprintf(stderr, "server: --host must be an IPv4 or IPv6 address or localhost, not '%s'\n", options->host);
  exit(EXIT_USAGE);
}

static void read_address(struct server *server) {
  union address bound;
  socklen_t length = sizeof bound;
  if (getsockname(server->listener, &bound.any, &length) < 0) fail(server, "tell the address of");
  bool v6 = bound.any.sa_family == AF_INET6;
  server->port = ntohs(v6 ? bound.v6.sin6_port : bound.v4.sin_port);
  inet_ntop(bound.any.sa_family, v6 ? (void *)&bound.v6.sin6_addr : (void *)&bound.v4.sin_addr, server->host,
            sizeof server->host);
}

void listener_open(struct server *server) {
  const struct options *options = &server->options;
  union address address;
  socklen_t length = parse_address(options, &address);
  int type = SOCK_STREAM | SOCK_CLOEXEC | (options->model->accept_blocks ? 0 : SOCK_NONBLOCK);
  int listener = socket(address.any.sa_family, type, 0);
  if (listener < 0) fail(server, "open a socket for");
  int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  set_inherited_options(listener, options->idle_ms);
  if (bind(listener, &address.any, length) < 0) fail(server, "bind to");
  if (listen(listener, (int)options->backlog) < 0) fail(server, "listen on");
  server->listener = listener;
  read_address(server);
}

int listener_accept(int listener, int flags) {
  for (;;) {
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | flags);
    if (fd >= 0) return fd;
    switch (errno) {
      case EINTR:
        continue;
      case EINVAL:
      case EBADF:
        return ACCEPT_STOPPED;
      case EMFILE:
      case ENFILE:
      case ENOBUFS:
      case ENOMEM:
        return ACCEPT_EXHAUSTED;
      default:
        return ACCEPT_NONE;
    }
  }
}

int listener_await(int listener) {
  for (;;) {
    int fd = listener_accept(listener, 0);
    if (fd >= 0 || fd == ACCEPT_STOPPED) return fd;
    if (fd == ACCEPT_EXHAUSTED) nanosleep(&(struct timespec){.tv_nsec = ACCEPT_PAUSE_MS * 1000000L}, NULL);
  }
}
