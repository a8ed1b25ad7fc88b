/* Reading the value of an option or parameter. Each is true when the whole text is a value within the range. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

bool parse_bool(const char *text, bool *value);
bool parse_u64(const char *text, uint64_t max, uint64_t *value);

/* 0 to 1. */
bool parse_share(const char *text, double *value);

/* A whole number and its unit: "500us", "1ms", "2s". */
bool parse_duration_us(const char *text, uint32_t max_us, uint32_t *value);
