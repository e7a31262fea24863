// Carried into the program by the compiler, so that what is emitted is what is compiled and tested here.

#include "ForestRuntimeText.h"

#include <string.h>

#if defined(__clang__)
#pragma clang diagnostic ignored "-Wc23-extensions"
#endif

static const char add_event[] = {
#embed "runtime/add-event.inc"
    , 0};
static const char add_leaves_avx512_f32[] = {
#embed "runtime/add-leaves-avx512-f32.inc"
    , 0};
static const char add_leaves_avx512_f64[] = {
#embed "runtime/add-leaves-avx512-f64.inc"
    , 0};
static const char add_leaves[] = {
#embed "runtime/add-leaves.inc"
    , 0};
static const char any_shape_avx512[] = {
#embed "runtime/any-shape-avx512.inc"
    , 0};
static const char any_shape[] = {
#embed "runtime/any-shape.inc"
    , 0};
static const char block[] = {
#embed "runtime/block.inc"
    , 0};
static const char bytes[] = {
#embed "runtime/bytes.inc"
    , 0};
static const char compiler[] = {
#embed "runtime/compiler.inc"
    , 0};
static const char complete[] = {
#embed "runtime/complete.inc"
    , 0};
static const char find_leaves_avx512[] = {
#embed "runtime/find-leaves-avx512.inc"
    , 0};
static const char find_leaves_event[] = {
#embed "runtime/find-leaves-event.inc"
    , 0};
static const char find_leaves_plain[] = {
#embed "runtime/find-leaves-plain.inc"
    , 0};
static const char find_leaves[] = {
#embed "runtime/find-leaves.inc"
    , 0};
static const char rank_column_avx512_f32[] = {
#embed "runtime/rank-column-avx512-f32.inc"
    , 0};
static const char rank_column_avx512_f64[] = {
#embed "runtime/rank-column-avx512-f64.inc"
    , 0};
static const char rank_column[] = {
#embed "runtime/rank-column.inc"
    , 0};
static const char rank_event_sixteen[] = {
#embed "runtime/rank-event-sixteen.inc"
    , 0};
static const char rank_event[] = {
#embed "runtime/rank-event.inc"
    , 0};
static const char reached_avx2_f32[] = {
#embed "runtime/reached-avx2-f32.inc"
    , 0};
static const char reached_avx2_f64[] = {
#embed "runtime/reached-avx2-f64.inc"
    , 0};
static const char reached_avx512_f32[] = {
#embed "runtime/reached-avx512-f32.inc"
    , 0};
static const char reached_avx512_f64[] = {
#embed "runtime/reached-avx512-f64.inc"
    , 0};
static const char set_avx2[] = {
#embed "runtime/set-avx2.inc"
    , 0};
static const char set_avx512[] = {
#embed "runtime/set-avx512.inc"
    , 0};
static const char set_vectors[] = {
#embed "runtime/set-vectors.inc"
    , 0};
static const char types[] = {
#embed "runtime/types.inc"
    , 0};
static const char undefine[] = {
#embed "runtime/undefine.inc"
    , 0};
static const char wide_numbers[] = {
#embed "runtime/wide-numbers.inc"
    , 0};
static const char wide_types[] = {
#embed "runtime/wide-types.inc"
    , 0};
static const char wide[] = {
#embed "runtime/wide.inc"
    , 0};

static const struct {
  const char *name, *text;
} texts[] = {
    {"add-event.inc", add_event},
    {"add-leaves-avx512-f32.inc", add_leaves_avx512_f32},
    {"add-leaves-avx512-f64.inc", add_leaves_avx512_f64},
    {"add-leaves.inc", add_leaves},
    {"any-shape-avx512.inc", any_shape_avx512},
    {"any-shape.inc", any_shape},
    {"block.inc", block},
    {"bytes.inc", bytes},
    {"compiler.inc", compiler},
    {"complete.inc", complete},
    {"find-leaves-avx512.inc", find_leaves_avx512},
    {"find-leaves-event.inc", find_leaves_event},
    {"find-leaves-plain.inc", find_leaves_plain},
    {"find-leaves.inc", find_leaves},
    {"rank-column-avx512-f32.inc", rank_column_avx512_f32},
    {"rank-column-avx512-f64.inc", rank_column_avx512_f64},
    {"rank-column.inc", rank_column},
    {"rank-event-sixteen.inc", rank_event_sixteen},
    {"rank-event.inc", rank_event},
    {"reached-avx2-f32.inc", reached_avx2_f32},
    {"reached-avx2-f64.inc", reached_avx2_f64},
    {"reached-avx512-f32.inc", reached_avx512_f32},
    {"reached-avx512-f64.inc", reached_avx512_f64},
    {"set-avx2.inc", set_avx2},
    {"set-avx512.inc", set_avx512},
    {"set-vectors.inc", set_vectors},
    {"types.inc", types},
    {"undefine.inc", undefine},
    {"wide-numbers.inc", wide_numbers},
    {"wide-types.inc", wide_types},
    {"wide.inc", wide},
};

const char *forest_runtime_text(const char *name) {
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; ++i) {
    if (strcmp(texts[i].name, name) == 0) return texts[i].text;
  }
  return NULL;
}
