/* names.h: what a document calls something, for a reader of one language. */
#ifndef ASKFIRST_INTAKE_RULES_NAMES_H
#define ASKFIRST_INTAKE_RULES_NAMES_H

#include "data/base/json.h"

/* `name` is {"en":"Network","zh-Hans":"网络"} or one text for all; `lang` a language tag (BCP 47).
 * In another script of the same language, else in English, else in any. "" when there is none. */
const char *rules_name_in(const json_t *name, struct bytes lang);

#endif
