"""What people tell us: the engagement, the scope of the audit, the control period."""
