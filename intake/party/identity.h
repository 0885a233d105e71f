/* identity.h: what a person is known by, in the one form it is compared in.
 *
 *   kind     as people write it                 as it is kept
 *   phone    138 0013 8000                      +8613800138000            (phone.h)
 *   mail     Lin Wei <Lin.Wei@例え.JP>           lin.wei@xn--r8jz45g.jp    (UTS #46, RFC 5890)
 *   openid   oGk3…                              the same: WeChat's, byte by byte
 *   appid    U-000123                           the same: an app's name for its user
 *   domain   Example.COM.                       example.com               (of an account)
 *
 * A mail address is kept as a whole: "a+b@" is not "a@", and dots count, since only the receiving
 * server knows better. Upper and lower case are one: no service tells two people by them. */
#ifndef ASKFIRST_INTAKE_PARTY_IDENTITY_H
#define ASKFIRST_INTAKE_PARTY_IDENTITY_H

#include "data/base/buf.h"

/* The numbers are in the keys of table contact_key. */
enum identity_kind {
    IDENTITY_PHONE,
    IDENTITY_MAIL,
    IDENTITY_OPENID,
    IDENTITY_APPID,
    IDENTITY_DOMAIN,
    IDENTITY_KINDS
};

/* Of a contact are those before IDENTITY_DOMAIN. */
#define IDENTITY_OF_CONTACT IDENTITY_DOMAIN

const char *identity_name(enum identity_kind kind);

#define IDENTITY_TEXT_BYTES 256 /* a mail address has 254 (RFC 5321 4.5.3.1.3), and a NUL */

/* `country`: of phone numbers that name none. AF_INVALID says what is not understood. What comes
 * out, put in again, comes out the same. */
enum status identity_normalise(enum identity_kind kind, struct bytes text, const char *country,
                               char out[IDENTITY_TEXT_BYTES], struct error *err) MUST_USE;

/* Is it in that form already, as far as bytes can say? For commands, whose proposer asked ICU. */
bool identity_is_normal(enum identity_kind kind, struct bytes text);

/* The part after @ of a normalised address. */
struct bytes identity_domain(struct bytes mail);

/* A serial number without what people put between its parts, in capitals: "sn 12-ab" is SN12AB.
 * AF_INVALID when nothing is left or it is longer than SERIAL_BYTES_MAX. */
#define SERIAL_TEXT_BYTES 65
enum status serial_normalise(struct bytes text, char out[SERIAL_TEXT_BYTES],
                             struct error *err) MUST_USE;

#endif
