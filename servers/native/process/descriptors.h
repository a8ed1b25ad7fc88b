/* What a forked worker inherits and must not keep. */
#ifndef HOLDFAST_DESCRIPTORS_H
#define HOLDFAST_DESCRIPTORS_H

/*
 * Closes all descriptors but the standard ones and these, which it sorts. A copy of another client's waiting connection
 * would keep that connection open after its own worker has closed it.
 */
void descriptors_keep_only(int *kept, unsigned count);

#endif
