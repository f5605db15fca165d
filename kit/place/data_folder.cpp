#include "kit/place/data_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace jebi::place {

namespace {

constexpr mode_t only_this_user = 0700;

std::unexpected<Error> refuse(const std::string& folder, const std::string& what) {
    return fail(error(Code::invalid, "The data folder \"" + folder + "\" " + what + ": " +
                                         std::strerror(errno) +  // NOLINT(concurrency-mt-unsafe)
                                         ". Choose another with --data DIR, or change its owner.")
                    .because("data_folder"));
}

// "data" of "data/log-analytics"; what cannot be made is found out below.
void make_parents(const std::string& folder) {
    for (auto slash = folder.find('/', 1); slash != std::string::npos; slash = folder.find('/', slash + 1))
        ::mkdir(folder.substr(0, slash).c_str(), only_this_user);
}

}  // namespace

Result<void> open_data_folder(const std::string& folder) {
    make_parents(folder);
    if (::mkdir(folder.c_str(), only_this_user) != 0 && errno != EEXIST)
        return refuse(folder, "cannot be made");
    const std::string probe = folder + "/.writable";
    const int number = ::open(probe.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    if (number < 0) return refuse(folder, "cannot be written to");
    ::close(number);
    ::unlink(probe.c_str());
    return {};
}

}  // namespace jebi::place
