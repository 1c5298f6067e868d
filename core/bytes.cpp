#include "core/bytes.hpp"
