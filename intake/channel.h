/* channel.h: the ways a question comes in, and which of them must ask the library first. */
#ifndef ASKFIRST_INTAKE_CHANNEL_H
#define ASKFIRST_INTAKE_CHANNEL_H

#include "data/base/bytes.h"

struct channel {
    const char *name;
    bool is_self_service; /* the customer is at the keyboard: answers come before a ticket */
};

/* NULL when there is none of that name. */
const struct channel *channel_find(struct bytes name);
/* "web, wechat, …", for sentences. */
const char *channel_names(void);

#endif
