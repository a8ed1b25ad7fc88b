/* Which names members of a chat may have: the rule of servers/systems/chat/chat-name.ts. */
#pragma once

#include <stdint.h>

/* Why a name, which is UTF-8, cannot be had; NULL when it can. */
const char *chat_name_problem(const uint8_t *name, uint32_t length);
