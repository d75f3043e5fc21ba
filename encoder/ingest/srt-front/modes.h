/* The two ways to get a session: wait for a caller, or be one. */
#ifndef MODES_H
#define MODES_H
#include "config.h"
#include <stdint.h>

/* Each start returns -1 after an event `failed`; each turn does what is due and returns how long it may wait, in ms. */
int listen_start(const struct config *config, int epoll);
int listen_turn(int epoll, int64_t now_ms);
void listen_stop(void);

int call_start(const struct config *config, int epoll);
int call_turn(int epoll, int64_t now_ms);
#endif
