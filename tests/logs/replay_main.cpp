// replay CORPUS_FOLDER: shows a fuzzer's function each file of the folder once, where libFuzzer is not at
// hand.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size);

int main(int count, char** words) {
    int inputs = 0;
    if (count == 2) {
        for (const auto& entry : std::filesystem::directory_iterator(words[1])) {
            std::ifstream file{entry.path(), std::ios::binary};
            const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
            std::printf("%s\n", entry.path().c_str());  // the last one is the one that failed
            std::fflush(stdout);
            LLVMFuzzerTestOneInput(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
            ++inputs;
        }
    }
    std::printf("%d passed, 0 failed\n", inputs);
    return inputs > 0 ? 0 : 1;
}
