/*
 * A service is what is done on one connection. It sees bytes that came and bytes to send, never a socket: the same
 * service runs under models that block and under models that wait for events.
 */
#pragma once

#include <signal.h>
#include <stdatomic.h>

#include "../net/buffer.h"
#include "../net/frame.h"

/* How many figures of its own a service may count. */
#define SERVICE_FIGURES 3

/* One connection, as the service sees it. */
struct conversation {
  struct buffer in, out;
  uint32_t waited_ms;        /* how long it queued in user space before a worker took it */
  uint64_t state[2];         /* the service's own, zero at the start */
  _Atomic uint64_t *figures; /* what the service counts, one slot a name in figure_names */
  _Atomic uint64_t *serial;  /* numbers drawn one after another by all workers of the server */
  bool cut;                  /* the service gives the client up: what it has not taken is dropped */
};

enum step {
  STEP_NEEDS_MORE, /* the bytes that are here are no whole unit yet */
  STEP_DONE_ONE,   /* one unit is done: call again if there are more bytes */
  STEP_CLOSE,      /* send what is in out, then close: the regular end */
  STEP_TURN_AWAY,  /* send, then close: the client had waited for too long */
  STEP_FAULT,      /* send, then close: the client broke the protocol, or the service failed */
};

/*
 * What a service has whose conversations hear of each other, whichever worker holds them. Called by the
 * worker that holds the conversations in question.
 */
struct together {
  /* Once in every worker. Others wake it by a signal that comes through only under the mask returned. */
  const sigset_t *(*attend)(void);
  /* To be called when the worker was woken, and every HEAR_MS: says in its conversations what others had to say. */
  void (*hear)(void);
  /* One after another, the conversations in which something was said out of turn since it was last asked; then NULL. */
  struct conversation *(*next_told)(void);
};

enum { HEAR_MS = 500 };

struct service {
  const char *id;
  const char *figure_names[SERVICE_FIGURES]; /* NULL ends them early */
  /* Sets a parameter. NULL when it is taken, else one sentence that says what is allowed. NULL: it takes none. */
  const char *(*set)(const char *key, const char *value);
  /* Works on the unit (frame, line, whatever is there) at the head of in, consumes it and appends its answer to out. */
  enum step (*step)(const struct service *service, struct conversation *conversation);
  /* What a framed service, whose step is framed_step(), can be asked; one without an answer ends them. */
  const struct method *methods;
  /* Whether the client may end the conversation here, nothing of a unit being read. NULL: anywhere. */
  bool (*may_end)(const struct conversation *conversation);
  /* Tells the client to come back later. in holds what it has sent so far. NULL: closing says enough. */
  void (*turn_away)(struct conversation *conversation);
  /* The conversation is over, however it ended. NULL: nothing is left of one. */
  void (*end)(struct conversation *conversation);
  /* Once, before any worker starts; false with errno set when it cannot be. And after the last. NULL: nothing to do. */
  bool (*prepare)(void);
  void (*dispose)(void);
  const struct together *together; /* NULL: conversations know nothing of each other */
};

/* Every service by its id: one line registers it. */
#define SERVICES(SERVICE) \
  SERVICE(echo)           \
  SERVICE(work)           \
  SERVICE(stevens)        \
  SERVICE(session)        \
  SERVICE(chat)           \
  SERVICE(topn)

#define DECLARE(name) extern const struct service name##_service;
SERVICES(DECLARE)
#undef DECLARE

static inline void figure_add(struct conversation *conversation, unsigned figure, uint64_t count) {
  atomic_fetch_add_explicit(&conversation->figures[figure], count, memory_order_relaxed);
}
