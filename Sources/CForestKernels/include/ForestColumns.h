// Rows of numbers into columns, and columns from one width into the other.

#ifndef FOREST_COLUMNS_H
#define FOREST_COLUMNS_H

#include <stddef.h>

// Puts number i of row r into columns[i * stride + r], rounded to float32 if `narrow` says so. Rows stand one behind the other.
void forest_columns_of_rows(const double* rows, size_t row_count, size_t input_count, int narrow, double* columns, size_t stride);

// The float32 numbers nearest to float64 ones, and the same numbers in float64.
void forest_narrow(const double* x, size_t count, float* narrow);
void forest_widen(const float* x, size_t count, double* wide);

#endif
