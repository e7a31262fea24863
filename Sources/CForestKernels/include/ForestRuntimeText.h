// The text of runtime/, for files that carry it.

#ifndef FOREST_RUNTIME_TEXT_H
#define FOREST_RUNTIME_TEXT_H

// The text of a file in runtime/, such as "types.inc", ended by 0; null if there is none of that name.
const char *forest_runtime_text(const char *name);

#endif
