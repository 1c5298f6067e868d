#include "core/merkle.hpp"
