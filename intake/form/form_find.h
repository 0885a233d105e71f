/* form_find.h: which form a ticket is asked with.
 *
 * A form applies when everything it names is so. Of those that apply the most specific one is
 * taken: one that names the product before one that names its line, then the type, the type's
 * parent, the class; of two alike the first in the document; none: the fallback. One that names
 * nothing is never more than the fallback. As in route.h, without what is not known yet when
 * somebody fills in a form. */
#ifndef ASKFIRST_INTAKE_FORM_FORM_FIND_H
#define ASKFIRST_INTAKE_FORM_FORM_FIND_H

#include "intake/rules/rules.h"

/* "" or NULL: not known, and a form that names it does not apply. */
struct form_question {
    const char *class, *product, *type;
};

/* Borrowed from `rules`; NULL only when the documents do not fit together, which rules_set does
 * not let happen. */
const json_t *form_find(const struct rules *rules, const struct form_question *question);

/* Is the type for this product? One that names no products is for all. */
bool form_type_fits(const json_t *type, const char *product);

#endif
