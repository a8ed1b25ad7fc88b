#include "serve.h"

#include <fcntl.h>
#include <poll.h>
#include <time.h>

#include "../process/clock.h"

/* Waits until the client does something, another worker has something to say, or it is time to look after both. */
static void wait_together(int fd, enum flow flow, int64_t until, const sigset_t *mask) {
  struct pollfd polled = {.fd = fd, .events = flow == FLOW_SEND_STALLED ? POLLOUT : POLLIN};
  int64_t ms = earlier(until - clock_ms(), HEAR_MS);
  struct timespec timeout = {.tv_sec = ms / 1000, .tv_nsec = (ms % 1000) * 1000000};
  if (ms > 0) ppoll(&polled, 1, &timeout, mask);
}

/*
 * Serves to the end a connection that hears of others: it must neither block in reading, for others may have something
 * to say, nor in sending, for they must not wait for this client.
 */
static void serve_together(const struct server *server, struct connection *connection) {
  const struct together *together = server->options.service->together;
  const sigset_t *mask = together->attend();
  int64_t idle_ms = server->options.idle_ms > 0 ? server->options.idle_ms : NEVER / 2;
  int64_t active = clock_ms();
  fcntl(connection->fd, F_SETFL, O_NONBLOCK);
  for (;;) {
    together->hear();
    bool news = together->next_told() != NULL;
    enum flow flow = connection_pump(connection, server->options.service);
    if (flow == FLOW_ENDED) break;
    if (news || flow == FLOW_AWAITS_INPUT || flow == FLOW_HAS_MORE) active = clock_ms();
    if (flow == FLOW_AWAITS_INPUT || flow == FLOW_HAS_MORE) continue;
    if (clock_ms() >= active + idle_ms) {
      connection->outcome = IDLED;
      break;
    }
    wait_together(connection->fd, flow, active + idle_ms, mask);
  }
}

/* Serves to the end a connection that is by itself: reading and sending block, for as long as an idle client may. */
static void serve_alone(const struct server *server, struct connection *connection) {
  for (;;) {
    enum flow flow = connection_pump(connection, server->options.service);
    if (flow == FLOW_ENDED) break;
    if (flow == FLOW_AWAITS_INPUT || flow == FLOW_HAS_MORE) continue;
    connection->outcome = IDLED; /* SO_RCVTIMEO or SO_SNDTIMEO, see listener.c */
    break;
  }
  if (server->cut) connection->outcome = BROKEN;
}

void serve(const struct server *server, struct tally *tally, int fd, bool waited, uint32_t waited_ms) {
  uint8_t in[SCRATCH_BYTES], out[SCRATCH_BYTES];
  struct connection connection;
  connection_open(&connection, fd, server->stats, tally);
  connection.waited = waited;
  connection.conversation.waited_ms = waited_ms;
  buffer_borrow(&connection.conversation.in, in, sizeof in);
  buffer_borrow(&connection.conversation.out, out, sizeof out);
  const struct service *service = server->options.service;
  if (service->together) {
    serve_together(server, &connection);
  } else {
    serve_alone(server, &connection);
  }
  if (service->end) service->end(&connection.conversation);
  connection_close(&connection, server->stats, tally);
}

void serve_accepted(const struct server *server, struct tally *tally, int fd) {
  if (tally_accept(server->stats, tally) > server->options.max_connections) {
    connection_turn_away(server, tally, fd, REFUSED);
  } else {
    serve(server, tally, fd, false, 0);
  }
}
