/* One connection, and the one place where bytes move between its socket and its service. */
#pragma once

#include "../server/server.h"

/* Borrowed storage of each buffer: enough for most messages, and small enough for the stack of a thread that lives for
 * one connection. glibc gives all but the uppermost 16 KiB of a finished thread's stack back to the kernel, and every
 * page that the next one touches again costs a fault. */
enum { SCRATCH_BYTES = 4096 };

struct connection {
  struct conversation conversation;
  int fd;
  bool waited;          /* it queued in user space before a worker took it */
  bool bulk;            /* the last read brought as much as there was room for: the next may bring more */
  bool ending;          /* close it once everything is sent */
  enum outcome outcome; /* how it ended, or is going to end */
};

void connection_open(struct connection *connection, int fd, struct stats *stats, struct tally *tally);

enum flow {
  FLOW_AWAITS_INPUT, /* all that came is answered: call again when there is more */
  FLOW_HAS_MORE,     /* there is more to do at once, but it is time to give others a turn */
  FLOW_READ_STALLED, /* the socket had nothing to read (blocking: within its deadline) */
  FLOW_SEND_STALLED, /* the socket takes nothing now (blocking: within its deadline); nothing is read until it does */
  FLOW_ENDED,        /* count the outcome and close */
};

/*
 * Sends what is waiting, lets the service work on what came, reads once. While answers wait to be sent nothing more is
 * read (backpressure), so a client that sends and never reads holds at most one frame in and a few answers out.
 */
enum flow connection_pump(struct connection *connection, const struct service *service);

/* Counts the outcome, closes the socket and frees what the connection holds. */
void connection_close(struct connection *connection, struct stats *stats, struct tally *tally);

/* Ends a connection that nobody serves (LOST or REFUSED): tells the client to come back later, counts, closes. */
void connection_turn_away(const struct server *server, struct tally *tally, int fd, enum outcome outcome);
