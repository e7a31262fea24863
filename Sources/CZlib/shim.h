#pragma once
#include <zlib.h>

/// `inflateInit2` is a macro, which Swift does not import.
/// Window bits 15 + 16: a gzip member; -15: a raw deflate stream (inside .npz archives).
static inline int petrify_inflateInit2(z_stream *stream, int windowBits) {
  return inflateInit2(stream, windowBits);
}
