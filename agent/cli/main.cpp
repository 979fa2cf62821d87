#include "agent/cli/commands.hpp"

int main(int argc, char** argv) { return causeway::cli::main_program(argc, argv); }
