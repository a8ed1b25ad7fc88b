/* The processes of this machine that used most CPU time, as the list that servers/wire/process-list.ts describes. */
#pragma once

#include <stdint.h>

#include "../../net/buffer.h"

/* Appends a list of at most so many processes. Returns how many they are; -1 when /proc or memory fail. */
int processes_list(uint32_t most, struct buffer *list);
