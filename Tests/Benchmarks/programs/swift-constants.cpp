extern "C" {
long peer_input_count();
long peer_output_count();
extern const int peer_inputs = static_cast<int>(peer_input_count());
extern const int peer_outputs = static_cast<int>(peer_output_count());
}
