#include "connection.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

/* Answers that may wait in memory before the service is held back. */
enum { SEND_HIGH_WATER = 65536 };

/* What a read may bring once reads fill the buffer, so that large messages do not come in small pieces. */
enum { BULK_READ_BYTES = 65536 };

/* Units worked on in one turn: a client that sends many calls at once must not hold up the others for long. */
enum { STEPS_A_TURN = 64 };

void connection_open(struct connection *connection, int fd, struct stats *stats, struct tally *tally) {
  *connection = (struct connection){
      .fd = fd,
      .conversation = {.figures = tally->figures, .serial = &stats->serial},
  };
}

static void end(struct connection *connection, enum outcome outcome) {
  connection->ending = true;
  connection->outcome = outcome;
}

/* Sends until out is empty. False when the socket takes no more now, or is gone (then it is ending, with out empty). */
static bool send_out(struct connection *connection) {
  struct buffer *out = &connection->conversation.out;
  while (buffer_length(out) > 0) {
    ssize_t sent = send(connection->fd, buffer_head(out), buffer_length(out), MSG_NOSIGNAL);
    if (sent >= 0) {
      buffer_consume(out, (size_t)sent);
    } else if (errno == EAGAIN) {
      return false;
    } else if (errno != EINTR) {
      end(connection, RESET);
      buffer_consume(out, buffer_length(out));
    }
  }
  return true;
}

/* Lets the service work on what is here. Returns whether it stopped with whole units possibly left. */
static bool work(struct connection *connection, const struct service *service) {
  struct conversation *conversation = &connection->conversation;
  for (int steps = 0; buffer_length(&conversation->in) > 0; steps++) {
    if (steps == STEPS_A_TURN || buffer_length(&conversation->out) >= SEND_HIGH_WATER) return true;
    switch (service->step(service, conversation)) {
      case STEP_DONE_ONE:
        continue;
      case STEP_NEEDS_MORE:
        return false;
      case STEP_CLOSE:
        end(connection, SERVED);
        return false;
      case STEP_TURN_AWAY:
        end(connection, LOST);
        return false;
      case STEP_FAULT:
        end(connection, BROKEN);
        return false;
    }
  }
  return false;
}

/* The client has closed: regular between two units where the service allows it, abrupt inside one. */
static enum outcome outcome_at_end(const struct conversation *conversation, const struct service *service) {
  if (buffer_length(&conversation->in) > 0) return RESET;
  return !service->may_end || service->may_end(conversation) ? SERVED : RESET;
}

static enum flow receive(struct connection *connection, const struct service *service) {
  struct buffer *in = &connection->conversation.in;
  if (!buffer_reserve(in, connection->bulk ? BULK_READ_BYTES : 1)) {
    end(connection, BROKEN);
    return FLOW_ENDED;
  }
  ssize_t received;
  do {
    received = recv(connection->fd, buffer_tail(in), buffer_room(in), 0);
  } while (received < 0 && errno == EINTR);
  if (received > 0) {
    connection->bulk = (size_t)received == buffer_room(in);
    in->end += (size_t)received;
    return FLOW_HAS_MORE;
  }
  if (received < 0 && errno == EAGAIN) return FLOW_READ_STALLED;
  end(connection, received == 0 ? outcome_at_end(&connection->conversation, service) : RESET);
  return FLOW_ENDED;
}

enum flow connection_pump(struct connection *connection, const struct service *service) {
  if (connection->conversation.cut) {
    struct buffer *out = &connection->conversation.out;
    buffer_consume(out, buffer_length(out));
    end(connection, BROKEN);
    return FLOW_ENDED;
  }
  if (!send_out(connection)) return FLOW_SEND_STALLED;
  if (connection->ending) return FLOW_ENDED;
  /* What is left from the last turn comes before anything new. */
  bool unfinished = work(connection, service);
  if (!unfinished && !connection->ending && buffer_length(&connection->conversation.out) == 0) {
    enum flow flow = receive(connection, service);
    if (flow != FLOW_HAS_MORE) return flow;
    unfinished = work(connection, service);
  }
  if (!send_out(connection)) return FLOW_SEND_STALLED;
  if (connection->ending) return FLOW_ENDED;
  return unfinished ? FLOW_HAS_MORE : FLOW_AWAITS_INPUT;
}

/* Closing a socket that has unread bytes resets it, and the reset may overtake our last answer: read them first. */
static void discard_input(int fd) {
  uint8_t bytes[4096];
  shutdown(fd, SHUT_WR);
  for (int reads = 0; reads < 16; reads++) {
    if (recv(fd, bytes, sizeof bytes, MSG_DONTWAIT) <= 0) return;
  }
}

void connection_close(struct connection *connection, struct stats *stats, struct tally *tally) {
  tally_end(stats, tally, connection->outcome, connection->waited);
  if (connection->outcome == LOST || connection->outcome == BROKEN) discard_input(connection->fd);
  close(connection->fd);
  buffer_release(&connection->conversation.in);
  buffer_release(&connection->conversation.out);
}

void connection_turn_away(const struct server *server, struct tally *tally, int fd, enum outcome outcome) {
  const struct service *service = server->options.service;
  uint8_t in[256], out[256];
  struct conversation conversation = {0};
  buffer_borrow(&conversation.in, in, sizeof in);
  buffer_borrow(&conversation.out, out, sizeof out);
  /* What the client has asked so far, if it is here already, is what the answer answers. */
  ssize_t received = recv(fd, in, sizeof in, MSG_DONTWAIT);
  if (received > 0) conversation.in.end = (size_t)received;
  if (service->turn_away) service->turn_away(&conversation);
  if (buffer_length(&conversation.out) > 0) {
    send(fd, buffer_head(&conversation.out), buffer_length(&conversation.out), MSG_NOSIGNAL | MSG_DONTWAIT);
  }
  tally_end(server->stats, tally, outcome, false);
  discard_input(fd);
  close(fd);
  buffer_release(&conversation.in);
  buffer_release(&conversation.out);
}
