#pragma once

namespace causeway::cli {

/// What every command answers to the shell (docs/operations.md has the table for people).
enum ExitCode : int {
  done = 0,       ///< everything asked for was done
  attention = 1,  ///< done as far as possible: something was found wrong, waits for a person, or will be tried again
  usage = 2,      ///< the command line is wrong
  configuration = 3,   ///< the configuration or a secret cannot be used; nothing was started
  store_unusable = 4,  ///< the store cannot be opened or written; nothing was sent after that
  not_found = 5        ///< the ticket or hold that was named does not exist here
};

}  // namespace causeway::cli
