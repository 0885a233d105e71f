/* reserve.h: a file of nothing, kept so that a full disk can still take what people are typing.
 *
 * On a full disk LMDB cannot even delete (copy on write). Removing DIR/reserve gives back
 * RESERVE_BYTES at once: tickets and counts go on, imports are refused until there is room. */
#ifndef ASKFIRST_DATA_RESERVE_H
#define ASKFIRST_DATA_RESERVE_H

#include <stdbool.h>

#define RESERVE_BYTES (64ll << 20)
/* It is not laid down on a disk that is nearly full already. */
#define RESERVE_FREE_MIN (1ll << 30)

/* Lays the file down if there is ample room and it is not there. True when it is there. */
bool reserve_keep(const char *dir);
/* True when there was one and it was given back. */
bool reserve_release(const char *dir);

#endif
