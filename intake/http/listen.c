#include "intake/http/listen.h"

#include "data/base/bytes.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 1024 /* connections that wait for accept; a full queue makes clients retry */

struct host_port {
    char host[256], port[6];
};

/* "127.0.0.1:80", "[::1]:80", "name:80", ":80" */
static bool cut_address(const char *address, struct host_port *out)
{
    const char *colon = strrchr(address, ':');
    const char *host = address;
    size_t host_len;

    if (colon == NULL || strlen(colon + 1) == 0 || strlen(colon + 1) >= sizeof out->port ||
        strspn(colon + 1, "0123456789") != strlen(colon + 1) ||
        strtoul(colon + 1, NULL, 10) > 65535) /* the C library would quietly cut it to 16 bits */
        return false;
    host_len = (size_t)(colon - address);
    if (host_len >= 2 && address[0] == '[' && colon[-1] == ']') {
        host++;
        host_len -= 2;
    } else if (memchr(address, ':', host_len) != NULL) {
        return false; /* IPv6 without brackets: which colon begins the port? */
    }
    if (host_len >= sizeof out->host)
        return false;
    snprintf(out->host, sizeof out->host, "%.*s", (int)host_len, host);
    snprintf(out->port, sizeof out->port, "%s", colon + 1);
    return true;
}

static enum status fail(const char *address, struct error *err)
{
    switch (errno) {
    case EADDRINUSE:
        return error_set(err, AF_BUSY, "%s is taken by another program; choose another port",
                         address);
    case EACCES:
        return error_set(err, AF_DENIED, "%s needs rights this user has not (ports below 1024)",
                         address);
    case EADDRNOTAVAIL:
        return error_set(err, AF_INVALID, "%s is not an address of this machine", address);
    default:
        return error_set(err, AF_IO, "cannot listen on %s: %s", address, strerror(errno));
    }
}

static int open_socket(const struct addrinfo *where)
{
    int fd = socket(where->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1;

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, where->ai_addr, where->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    on = errno;
    close(fd);
    errno = on;
    return -1;
}

void listen_peer_text(const struct sockaddr *address, char text[INET6_ADDRSTRLEN])
{
    /* The kernel filled the whole structure that its family names. */
    if (address != NULL && address->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr, text,
                  INET6_ADDRSTRLEN);
    else if (address != NULL && address->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, text,
                  INET6_ADDRSTRLEN);
    else
        text[0] = '\0';
}

static void show(int fd, unsigned *port, char shown[LISTEN_TEXT_BYTES])
{
    struct sockaddr_in6 bound = {0}; /* the larger of the two */
    socklen_t len = sizeof bound;
    char host[INET6_ADDRSTRLEN];

    getsockname(fd, (struct sockaddr *)&bound, &len);
    listen_peer_text((const struct sockaddr *)&bound, host);
    *port = ntohs(bound.sin6_port); /* at the same place in both families */
    snprintf(shown, LISTEN_TEXT_BYTES, bound.sin6_family == AF_INET6 ? "[%s]:%u" : "%s:%u", host,
             *port);
}

enum status listen_open(const char *address, int *fd, unsigned *port, char shown[LISTEN_TEXT_BYTES],
                        struct error *err)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC,
                             .ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    struct host_port cut;
    enum status status = AF_OK;
    int opened;

    if (!cut_address(address, &cut))
        return error_set(err, AF_INVALID,
                         "\"%s\" is not ADDR:PORT, such as 127.0.0.1:8080 or [::1]:8080", address);
    if (getaddrinfo(cut.host[0] == '\0' ? NULL : cut.host, cut.port, &hints, &found) != 0)
        return error_set(err, AF_INVALID, "\"%s\" names no address to listen on", address);
    opened = open_socket(found);
    if (opened < 0) {
        status = fail(address, err);
    } else {
        *fd = opened;
        show(opened, port, shown);
    }
    freeaddrinfo(found);
    return status;
}
