// contract-breaks BEFORE AFTER: what breaks between two descriptor sets in files, "RULE WHERE" a line. Ends
// with 1 when something does, with 2 when it cannot tell.
#include <cstdio>
#include <fstream>
#include <iterator>

#include "kit/rpc/contract/breaking.h"

namespace {

std::string read(const char* path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    const auto found = jebi::contract::breaking(read(argv[1]), read(argv[2]));
    if (!found) {
        std::fprintf(stderr, "%s\n", found.error().message.c_str());
        return 2;
    }
    for (const auto& finding : *found)
        std::printf("%s %s\n", finding.rule.c_str(), finding.where.c_str());
    return found->empty() ? 0 : 1;
}
