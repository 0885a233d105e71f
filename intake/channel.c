#include "intake/channel.h"

static const struct channel channels[] = {
    {"web",    true },
    {"wechat", true },
    {"app",    true },
    {"api",    true },
    {"phone",  false},
    {"mail",   false},
    {"rep",    false},
    {"audit",  false},
};

const struct channel *channel_find(struct bytes name)
{
    for (size_t i = 0; i < sizeof channels / sizeof channels[0]; i++)
        if (bytes_equal(name, bytes_str(channels[i].name)))
            return &channels[i];
    return NULL;
}

const char *channel_names(void)
{
    return "web, wechat, app, api, phone, mail, rep, audit";
}
