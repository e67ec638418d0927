//! Figures against peers and limits.
