/* staff_impl.h: what staff.c (sessions) and staff_account.c share. */
#ifndef ASKFIRST_INTAKE_STAFF_IMPL_H
#define ASKFIRST_INTAKE_STAFF_IMPL_H

#include "intake/staff.h"

/* 192 random bits as letters, digits, - and _: a session's key, a first password. */
void staff_random_text(char text[SESSION_KEY_BYTES]);

#endif
