#include "waiting_room.h"

#include <stdio.h>
#include <stdlib.h>

#include "clock.h"

void room_open(struct waiting_room *room, unsigned capacity, unsigned workers) {
  unsigned free_workers = workers > 0 ? workers : UINT_MAX;
  *room = (struct waiting_room){.workers = free_workers, .free = free_workers, .capacity = capacity};
  pthread_mutex_init(&room->lock, NULL);
  pthread_cond_init(&room->somebody, NULL);
  /* Pages that no waiter ever stood in are never touched, so a large room costs address space only. */
  room->ring = calloc(capacity, sizeof *room->ring);
  if (!room->ring) {
    perror("server: no memory for the queue");
    exit(EXIT_FAILURE);
  }
}

void room_close(struct waiting_room *room) { free(room->ring); }

void room_enter(struct waiting_room *room, int fd, int64_t now_ms) {
  pthread_mutex_lock(&room->lock);
  room->ring[(room->first + room->length) % room->capacity] =
      (struct waiter){.fd = fd, .waited = room->length >= room->free, .since_ms = now_ms};
  room->length++;
  pthread_cond_signal(&room->somebody);
  pthread_mutex_unlock(&room->lock);
}

/* Under the lock: removes the first waiter. */
static void pop(struct waiting_room *room, struct waiter *waiter) {
  *waiter = room->ring[room->first];
  room->first = (room->first + 1) % room->capacity;
  room->length--;
}

bool room_take(struct waiting_room *room, struct waiter *waiter) {
  pthread_mutex_lock(&room->lock);
  bool taken = room->length > 0 && room->free > 0;
  if (taken) {
    pop(room, waiter);
    room->free--;
  }
  pthread_mutex_unlock(&room->lock);
  return taken;
}

void room_await(struct waiting_room *room, struct waiter *waiter) {
  pthread_mutex_lock(&room->lock);
  while (room->length == 0) pthread_cond_wait(&room->somebody, &room->lock);
  pop(room, waiter);
  room->free--;
  pthread_mutex_unlock(&room->lock);
}

bool room_leave(struct waiting_room *room) {
  pthread_mutex_lock(&room->lock);
  room->free++;
  bool somebody = room->length > 0;
  pthread_mutex_unlock(&room->lock);
  return somebody;
}

bool room_expel(struct waiting_room *room, int64_t since_ms, struct waiter *waiter) {
  pthread_mutex_lock(&room->lock);
  bool expelled = room->length > 0 && room->ring[room->first].since_ms <= since_ms;
  if (expelled) pop(room, waiter);
  pthread_mutex_unlock(&room->lock);
  return expelled;
}

int64_t room_eldest_ms(struct waiting_room *room) {
  pthread_mutex_lock(&room->lock);
  int64_t since_ms = room->length > 0 ? room->ring[room->first].since_ms : NEVER;
  pthread_mutex_unlock(&room->lock);
  return since_ms;
}

unsigned room_population(struct waiting_room *room) {
  pthread_mutex_lock(&room->lock);
  unsigned population = room->workers - room->free + room->length;
  pthread_mutex_unlock(&room->lock);
  return population;
}

uint32_t waited_ms(const struct waiter *waiter) {
  return waiter->waited ? (uint32_t)(clock_ms() - waiter->since_ms) : 0;
}
