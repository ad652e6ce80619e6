// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The one spelling of a DNS domain that names an institution
/// @dev Two spellings of one domain would be two institutions, so everything but lower-case A-labels is refused.
library Domain {
    uint256 internal constant MAX_LENGTH = 253;
    uint256 internal constant MAX_LABEL = 63;

    /// @notice Whether `domain` is at least two labels of [a-z0-9-], each 1 to 63 long without a hyphen at either
    /// end, joined by dots, 253 long at most, the last label beginning with a letter.
    function isCanonical(bytes calldata domain) internal pure returns (bool) {
        if (domain.length > MAX_LENGTH) return false;
        uint256 start;
        for (uint256 i; i < domain.length; ++i) {
            if (domain[i] != ".") continue;
            if (!_isLabel(domain[start:i])) return false;
            start = i + 1;
        }
        bytes calldata last = domain[start:];
        return start != 0 && _isLabel(last) && _isLetter(last[0]);
    }

    function _isLabel(bytes calldata label) private pure returns (bool) {
        uint256 length = label.length;
        if (length == 0 || length > MAX_LABEL || label[0] == "-" || label[length - 1] == "-") return false;
        for (uint256 i; i < length; ++i) {
            bytes1 c = label[i];
            if (!_isLetter(c) && c != "-" && (c < "0" || c > "9")) return false;
        }
        return true;
    }

    function _isLetter(bytes1 c) private pure returns (bool) {
        return c >= "a" && c <= "z";
    }
}
