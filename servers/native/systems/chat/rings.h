/*
 * How the workers of a server, processes or threads, send messages to all others.
 *
 * Each has a place in memory that all share, with a ring there that only it writes, so no message needs a lock, and a
 * cursor for every other ring, so nothing is written over before all have read it. Whoever published wakes the others by
 * a signal; signals coalesce, so a worker that is woken reads all that there is. The signal is blocked but while a
 * worker waits, and its handler does nothing: it only ends the waiting.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/* Workers at the same time, and the longest message. */
enum { RING_PLACES = 1024, RING_MESSAGE_BYTES = 16640 };

/* Once, before any worker starts. False with errno set when there is no memory. */
bool rings_prepare(void);

/*
 * Once in every worker. Blocks the waking signal and returns the mask to wait with (ppoll, epoll_pwait), under which it
 * comes through.
 */
const sigset_t *rings_attend(void);

/* This worker's place; -1: it has none. */
int rings_place(void);

/* Takes a free place for this worker: it hears what is published from now on. One at a time. False: all are taken. */
bool rings_enter(void);

/* Frees a place: this worker's, or that of one that is dead. One at a time, and not while somebody enters. */
void rings_leave(unsigned place);

/* Sends to all other workers that have a place. Waits for room, and reads meanwhile. */
void rings_publish(const uint8_t *message, uint32_t length);

/* Tells the members (chat_members.h) all that others published. Does nothing without a place. */
void rings_read(void);

/* The same of one place only. */
void rings_read_from(unsigned place);

/* False once this worker was given up, because it had not read for so long that others would have had to wait. */
bool rings_keep_up(void);

/* No place from here on was ever taken. */
unsigned rings_places_used(void);

/* Whether nobody has the place; whether who has it is dead. */
bool rings_is_free(unsigned place);
bool rings_is_dead(unsigned place);

/* Lets others run for a moment, where this worker has to wait for one of them. */
void rings_pause(void);
