// An analysis loop in C++: read events, score them by name, count what passes a working point.
//
//   c++ -std=c++11 -O2 -I Generated/classification -o loop Examples/analysis/loop.cpp
//   ./loop < Examples/classification/events.csv
#include "bdt_classification.hpp"

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>

int main() {
  std::string line, cell;
  std::getline(std::cin, line);  // the header
  int events = 0, selected = 0;
  for (; std::getline(std::cin, line); ++events) {
    double x[bdt_classification::input_count];
    std::istringstream cells(line);
    for (double& value : x) {
      std::getline(cells, cell, ',');
      value = std::strtod(cell.c_str(), nullptr);  // `inf` and `nan` too
    }
    const bdt_classification::Inputs event = {x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7]};
    if (bdt_classification::evaluate(event).score > 0.5) ++selected;
  }
  std::printf(
      "%d of %d events pass score > 0.5; self-test: %zu failures\n", selected, events, bdt_classification::self_test());
}
