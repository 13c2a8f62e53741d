"""The words and rules of an identity-card office, as they would hold on paper."""
