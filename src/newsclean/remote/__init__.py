"""Object stores (`s3://bucket/key`): their objects, paths to them, a lease that only one process gets."""
