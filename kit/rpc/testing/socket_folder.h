// A folder of its own for a test's Unix sockets; gone with the test.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

namespace jebi::rpc::testing {

class SocketFolder {
public:
    SocketFolder() : path_((std::filesystem::temp_directory_path() / "jebi-rpc-XXXXXX").string()) {
        if (mkdtemp(path_.data()) == nullptr) std::abort();
    }
    ~SocketFolder() { std::filesystem::remove_all(path_); }
    SocketFolder(const SocketFolder&) = delete;
    SocketFolder& operator=(const SocketFolder&) = delete;

    // "unix:/tmp/jebi-rpc-ab12cd/<name>"
    std::string address(std::string_view name) const { return "unix:" + path_ + "/" + std::string(name); }

private:
    std::string path_;
};

}  // namespace jebi::rpc::testing
