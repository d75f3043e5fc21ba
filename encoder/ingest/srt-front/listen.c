#include "frame.h"
#include "gate.h"
#include "modes.h"
#include "session.h"
#include "socket.h"

#define IDLE_MS 250
#define SOON_MS 5
#define BACKLOG 8

static SRTSOCKET listener = SRT_INVALID_SOCK;

static void watch(int epoll, SRTSOCKET socket) {
    int events = SRT_EPOLL_IN | SRT_EPOLL_ERR;
    srt_epoll_add_usock(epoll, socket, &events);
}

int listen_start(const struct config *config, int epoll) {
    struct bound bound;
    int events = SRT_EPOLL_IN, reports = gate_open(config);
    if (socket_listen(config, &bound) != 0) return -1;
    listener = bound.socket;
    if (reports < 0 || srt_epoll_add_ssock(epoll, reports, &events) != 0 ||
        srt_listen_callback(listener, gate_request, NULL) != 0 || srt_listen(listener, BACKLOG) != 0) {
        frame_event(FRAME_MUST_ARRIVE, "{\"event\":\"failed\",\"code\":\"srt\",\"text\":\"it cannot listen\"}");
        return -1;
    }
    watch(epoll, listener);
    frame_event(FRAME_MUST_ARRIVE,
                "{\"event\":\"listening\",\"port\":%d,\"udpBufferBytes\":%d,\"wantedUdpBufferBytes\":%d}", bound.port,
                bound.udp_buffer, UDP_BUFFER_WANTED);
    return 0;
}

/* The next caller may be let in while the last one's media drains, but its own must not come in between. */
static void accept_next(int epoll, int64_t now_ms) {
    struct admission admission;
    SRTSOCKET socket = srt_accept(listener, NULL, NULL);
    if (socket == SRT_INVALID_SOCK) return;
    gate_admitted(socket, &admission);
    srt_epoll_remove_usock(epoll, listener);
    watch(epoll, socket);
    session_begin(&admission, now_ms);
}

int listen_turn(int epoll, int64_t now_ms) {
    enum session_state before = session_state(), after = session_turn(now_ms);
    if (before == SESSION_LIVE && after == SESSION_DRAINING) {
        srt_epoll_clear_usocks(epoll);
        gate_release();
    }
    if (before == SESSION_DRAINING && after == SESSION_NONE) watch(epoll, listener);
    if (after == SESSION_NONE) accept_next(epoll, now_ms);
    gate_report();
    return session_state() == SESSION_DRAINING ? SOON_MS : IDLE_MS;
}

void listen_stop(void) {
    if (listener != SRT_INVALID_SOCK) srt_close(listener);
}
