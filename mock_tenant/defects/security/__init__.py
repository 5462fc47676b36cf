"""Defects of security: tokens, authorization, restrictions, tenant isolation, disclosure of passwords."""
