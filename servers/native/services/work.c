/*
 * work: burns CPU time, then answers. Where the request leaves the amount open it is drawn from a distribution of two
 * values: with the default, 90 % take 1 ms and 10 % take 20 ms, which shows what an event loop does to the many short
 * ones behind a long one.
 */
#include <string.h>
#include <time.h>

#include "../server/parameter.h"
#include "framed.h"

enum { CALLS, BURNED_US };
enum { MAX_CPU_US = 10 * 1000 * 1000 };

static uint32_t light_us = 1000;
static uint32_t heavy_us = 20000;
static double heavy_share = 0.1;
static uint64_t seed = 1;

static const char *set(const char *key, const char *value) {
  if (strcmp(key, "cpu") == 0 && parse_duration_us(value, MAX_CPU_US, &light_us)) return NULL;
  if (strcmp(key, "heavy") == 0 && parse_duration_us(value, MAX_CPU_US, &heavy_us)) return NULL;
  if (strcmp(key, "heavyShare") == 0 && parse_share(value, &heavy_share)) return NULL;
  if (strcmp(key, "seed") == 0 && parse_u64(value, UINT64_MAX, &seed)) return NULL;
  return "work takes cpu=1ms, heavy=20ms (each up to 10s), heavyShare=0.1 (0 to 1), seed=1";
}

/* SplitMix64 (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", 2014): the n-th draw by its number,
 * so that the sequence is the same however many workers share it. */
static uint64_t draw(uint64_t n) {
  uint64_t z = seed + (n + 1) * 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

static uint32_t draw_cpu_us(struct conversation *conversation) {
  uint64_t n = atomic_fetch_add_explicit(conversation->serial, 1, memory_order_relaxed);
  double uniform = (double)(draw(n) >> 11) * 0x1p-53;
  return uniform < heavy_share ? heavy_us : light_us;
}

/* The CPU time of this thread: time in which another process had the core does not count as work done. */
static uint64_t thread_cpu_ns(void) {
  struct timespec used;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return (uint64_t)used.tv_sec * 1000000000u + (uint64_t)used.tv_nsec;
}

static uint32_t burn(uint32_t cpu_us) {
  uint64_t begin = thread_cpu_ns();
  uint64_t spent = 0;
  volatile uint64_t sink = 0;
  while (spent < (uint64_t)cpu_us * 1000) {
    for (uint64_t i = 0; i < 1000; i++) sink += i * i;
    spent = thread_cpu_ns() - begin;
  }
  return (uint32_t)(spent / 1000);
}

static enum step answer(struct conversation *conversation, const struct frame *request) {
  uint32_t cpu_us = read_u32(request->body);
  if (cpu_us > MAX_CPU_US) return framed_refuse(conversation, request, "cpuUs must be 0 to 10000000");
  uint32_t burned_us = burn(cpu_us > 0 ? cpu_us : draw_cpu_us(conversation));
  figure_add(conversation, CALLS, 1);
  figure_add(conversation, BURNED_US, burned_us);
  uint8_t *body = framed_reply(conversation, request, request->body_length);
  if (!body) return STEP_FAULT;
  write_u32(body, burned_us);
  memcpy(body + 4, request->body + 4, request->body_length - 4);
  return STEP_DONE_ONE;
}

static const struct method methods[] = {{HF_METHOD_WORK, answer, .before = 4, .field = FIELD_BYTES}, {0}};

const struct service work_service = {
    .id = "work",
    .figure_names = {"calls", "burnedUs"},
    .set = set,
    .step = framed_step,
    .methods = methods,
    .turn_away = framed_turn_away,
};
