// An analysis loop in C: read events, score them by name, count what passes a working point.
//
//   cc -std=c99 -O2 -I Generated/classification -o loop Examples/analysis/loop.c -lm
//   ./loop < Examples/classification/events.csv
#include "bdt_classification.h"

#include <stdio.h>
#include <stdlib.h>

int main(void) {
  char line[4096];
  int events = 0, selected = 0;
  if (fgets(line, sizeof line, stdin) == NULL) return 1;  // the header
  for (; fgets(line, sizeof line, stdin) != NULL; ++events) {
    double x[bdt_classification_input_count];
    char* cell = line;
    for (int i = 0; i < bdt_classification_input_count; ++i) {
      x[i] = strtod(cell, &cell);  // `inf` and `nan` too
      if (*cell == ',') ++cell;
    }
    const bdt_classification_inputs event = {x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7]};
    if (bdt_classification_evaluate_event(&event).score > 0.5) ++selected;
  }
  printf("%d of %d events pass score > 0.5; self-test: %d failures\n", selected, events,
         (int)bdt_classification_self_test());
  return 0;
}
