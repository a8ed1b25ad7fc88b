/*
 * Where accepted connections wait for a worker, first come, first served, for as long as their waiting period lasts.
 *
 * It also knows how many workers are free, so that "was there a worker free when it came" has one answer. It may be
 * used by many threads.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct waiter {
  int fd;
  bool waited;      /* no worker was free when it came */
  int64_t since_ms; /* when it came */
};

struct waiting_room {
  pthread_mutex_t lock;
  pthread_cond_t somebody; /* signalled for each that enters, for room_await() */
  unsigned workers, free;
  struct waiter *ring;
  unsigned capacity, first, length;
  atomic_bool draining; /* the server stops: whoever waits for its end wants to hear of each worker that comes free */
};

/* A room for so many waiters and workers (0: unbounded). Ends the process when there is no memory. */
void room_open(struct waiting_room *room, unsigned capacity, unsigned workers);

/* Frees the room; nobody may be in it. */
void room_close(struct waiting_room *room);

/* A connection comes; the caller has seen to it that there is space (room_population()). */
void room_enter(struct waiting_room *room, int fd, int64_t now_ms);

/* A free worker takes the first waiter. False when nobody waits or no worker is free. */
bool room_take(struct waiting_room *room, struct waiter *waiter);

/* The same for a worker thread that sleeps until there is one. */
void room_await(struct waiting_room *room, struct waiter *waiter);

/* A worker has become free. Returns whether somebody is waiting for it. */
bool room_leave(struct waiting_room *room);

/* Takes out the first waiter if it came at or before the given time: it is turned away. */
bool room_expel(struct waiting_room *room, int64_t since_ms, struct waiter *waiter);

/* When the first waiter came; NEVER when nobody waits. */
int64_t room_eldest_ms(struct waiting_room *room);

/* Connections that are served or wait. */
unsigned room_population(struct waiting_room *room);

/* How long it waited, as a service is told. */
uint32_t waited_ms(const struct waiter *waiter);
