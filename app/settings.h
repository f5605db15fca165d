// What can be configured in jebi.
#pragma once

#include <optional>
#include <vector>

#include "kit/fiber/socket.h"
#include "kit/fiber/tls.h"
#include "kit/place/process.h"
#include "kit/place/settings.h"

namespace jebi::app {

std::vector<place::Setting> known_settings();

place::ProcessOptions process_options(const place::Settings& settings);
// Where all that is kept is kept.
std::string database_file(const place::Settings& settings);

// Where the contracts are reached that a process, or a module, of that name keeps: a Unix socket. `invalid`
// when the data folder's path is too long for one.
Result<fiber::Address> contracts_address(const place::Settings& settings, const std::string& name);
std::string run_folder(const place::Settings& settings);  // where those sockets are

// Does jebi speak https itself?
bool has_tls(const place::Settings& settings);
// The certificate, when there is one. `invalid` when one of the two files is missing or wrong.
Result<std::optional<fiber::TlsServer>> tls_from(const place::Settings& settings);

}  // namespace jebi::app
